/** Plays the scenarios on a stage, edition by edition, through Cucumber; everything that happens goes to the journal. */

import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { supportCodeLibraryBuilder } from '@cucumber/cucumber'
import { loadConfiguration, loadSources, runCucumber } from '@cucumber/cucumber/api'
import { IdGenerator } from '@cucumber/messages'
import type { Editions } from '../harness/edition.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Journal } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import { beginRun, type Run, type Stage } from './run.ts'

export interface Playing {
  readonly stage: Stage
  readonly editions: readonly Editions[]
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly journal: Journal
  /** Cucumber tag expression. */
  readonly tags?: string
  /** Part of a scenario's name. */
  readonly name?: string
  /** What the ids of scenarios begin with; `s` unless told. */
  readonly prefix?: string
  /** Where these scenarios stand, `features/a.feature:12:30`; all of them unless told. */
  readonly places?: readonly string[]
  /** Id of the scenario at that place, where a count of those played is no good name. */
  readonly idOf?: Run['idOf']
}

/** The package's own folder: features and steps lie there, wherever the user stands. */
export const home = fileURLToPath(new URL('..', import.meta.url))

// From trust to data: the order in which the exchange happens.
const features = ['features/trust/**/*.feature', 'features/!(trust)/**/*.feature']

/** Where every scenario with these tags stands, in the order of playing. Throws `bad-input` for a feature that cannot be read. */
export async function everyPlace(tags?: string): Promise<readonly { readonly uri: string; readonly line: number }[]> {
  const environment: Environment = { cwd: home, env: {}, debug: false }
  const provided = { paths: features, format: [], ...(tags ? { tags } : {}) }
  const { runConfiguration } = await loadConfiguration({ file: false, provided }, environment)
  const { plan, errors } = await loadSources(runConfiguration.sources, environment)
  if (errors.length > 0) throw new HarnessError('bad-input', errors.map((e) => `${e.uri}: ${e.message}`).join('\n'))
  return plan.map(({ uri, location }) => ({ uri: uri.replaceAll('\\', '/'), line: location.line }))
}

type Environment = Parameters<typeof loadConfiguration>[1] & object
type Library = ReturnType<typeof supportCodeLibraryBuilder.finalize>

let loaded: Promise<Library> | undefined

/** The sentences. Once for a process: a module that was imported defines nothing when it is imported again. */
const sentences = async (): Promise<Library> => {
  loaded ??= (async () => {
    // A place is named, else Cucumber looks for files of code beside the features.
    const here = { requireModules: [], requirePaths: [], importPaths: ['steps/support.ts'], loaders: [] }
    supportCodeLibraryBuilder.reset(home, IdGenerator.uuid(), here)
    // Imported here and not by Cucumber: its own import would load a second copy of what is bundled.
    await import('./support.ts')
    const library = supportCodeLibraryBuilder.finalize()
    askOnce(library.stepDefinitions)
    return library
  })()
  return loaded
}

type Definition = Library['stepDefinitions'][number]

/**
 * Cucumber asks every definition of every sentence of every scenario whether it fits, and again in every run: which of them fit
 * depends on the text alone, and is found once, by the bare expressions, as are the places of the groups.
 */
function askOnce(definitions: readonly Definition[]): void {
  const fits = definitions.map((definition) => {
    const { expression } = definition
    const bare = 'regexp' in expression && expression.regexp instanceof RegExp ? expression.regexp : undefined
    return bare ? bare.test.bind(bare) : definition.matchesStepName.bind(definition)
  })
  const known = new Map<string, readonly Definition[]>()
  const fitting = (text: string): readonly Definition[] => {
    const found = known.get(text) ?? definitions.filter((_definition, i) => fits[i]?.(text))
    known.set(text, found)
    return found
  }
  // All are asked about one text before any is asked about the next.
  let asked = ''
  let answer = fitting(asked)
  for (const definition of definitions) {
    const { expression } = definition
    const places = new Map<string, ReturnType<typeof expression.match>>()
    const match = expression.match.bind(expression)
    expression.match = (text) => {
      const found = places.get(text) ?? match(text)
      places.set(text, found)
      return found
    }
    definition.matchesStepName = (text) => {
      if (text !== asked) {
        asked = text
        answer = fitting(text)
      }
      return answer.includes(definition)
    }
  }
}

const tagsRemedy = 'tags are requirement ids with "@", in capitals: "@PDEX-109 or @HREX-009"'

/** Which of the two filters nothing passes. */
const nothingFits = (tags: string | undefined, name: string | undefined): HarnessError =>
  new HarnessError(
    'bad-input',
    `no scenario ${[tags ? `has the tags "${tags}"` : '', name ? `is named "${name}" or so` : ''].filter(Boolean).join(' and ')}`,
    {
      remedy: [tags ? tagsRemedy : '', name ? 'a name counts in the case in which the reports write it' : '']
        .filter(Boolean)
        .join('; '),
    },
  )

/** Cucumber takes a name for a regular expression, and a person for a part of a text. */
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Plays them all. Returns why it was interrupted, if it was. Throws `bad-input` for a wrong tag expression or feature, and what the
 * journal throws: no scenario is begun that nobody can record.
 */
export async function play(playing: Playing): Promise<string | undefined> {
  const complaints: string[] = []
  const sink = (into?: string[]): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        into?.push(String(chunk))
        done()
      },
    })
  const environment: Environment = { cwd: home, stdout: sink(), stderr: sink(complaints), env: {}, debug: false }
  const { tags, name, places } = playing
  const { runConfiguration } = await loadConfiguration(
    {
      file: false,
      provided: {
        paths: [...(places ?? features)],
        // What happens goes to the journal: of its own formats the one that says least until the end.
        format: ['rerun'],
        ...(tags ? { tags } : {}),
        ...(name ? { name: [literally(name)] } : {}),
      },
    },
    environment,
  )
  const library = await sentences()
  let told = 0
  for (const editions of playing.editions) {
    let unrecorded: { readonly cause: unknown } | undefined
    const run: Run = {
      stage: playing.stage,
      editions,
      journal: (line) => {
        if (unrecorded) return
        try {
          playing.journal(line)
        } catch (cause) {
          unrecorded = { cause }
          run.interrupted ??= 'the journal takes no further line'
        }
      },
      requirements: playing.requirements,
      unreachable: 0,
      prefix: playing.prefix ?? 's',
      ...(playing.idOf ? { idOf: playing.idOf } : {}),
      told,
    }
    beginRun(run)
    const troubles: string[] = []
    let cases = 0
    const running = runCucumber({ ...runConfiguration, support: library }, environment, ({ parseError, testCase }) => {
      if (parseError) troubles.push(`${parseError.source.uri}: ${parseError.message}`)
      if (testCase) cases += 1
    })
    await running.catch((cause: unknown) => {
      // Tags and names are what it filters by; a name is never wrong.
      const isFilter = cause instanceof Error && cause.message.includes('pickles:filter')
      if (!isFilter || !tags) throw cause
      const why = cause.cause instanceof Error ? cause.cause.message.trim() : cause.message
      throw new HarnessError('bad-input', `the tags "${tags}" cannot be read: ${why}`, { remedy: tagsRemedy, cause })
    })
    // Assigned in a callback, where the compiler does not look.
    const lost = unrecorded as { readonly cause: unknown } | undefined
    if (lost) throw lost.cause
    if (troubles.length > 0) throw new HarnessError('bad-input', troubles.join('\n'))
    if (cases === 0) throw nothingFits(tags, name)
    told = run.told
    if (run.interrupted) return run.interrupted
  }
  if (told === 0 && complaints.length > 0) throw new HarnessError('internal', complaints.join(''))
  return undefined
}
