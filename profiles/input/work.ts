/** Cuts sources into pieces of work: single files some at a time, NDJSON batch by batch, standard input by what it turns out to be. */
import { HarnessError } from '../../harness/errors.ts'
import { lineBatches } from './batches.ts'
import type { FileToJudge, Work } from './judge.ts'
import { openSource, type Source, sniff } from './sources.ts'
import { defaultLimits, sizeText } from './trouble.ts'

/** Bytes of files that go to a thread at once; enough that handing them over costs little. */
const piece = 2 ** 20
const filesAtOnce = 64

export interface WorkOptions {
  /** Memory of pieces that have been judged, to be used again. */
  readonly spare?: ArrayBuffer[]
}

/** The work of all sources in order. */
export async function* workOf(
  sources: readonly Source[],
  standardInput: AsyncIterable<Uint8Array>,
  options: WorkOptions = {},
): AsyncGenerator<Work> {
  let files: FileToJudge[] = []
  let size = 0
  for (const source of sources) {
    if (source.path !== undefined && source.kind !== 'ndjson') {
      files.push({ path: source.path, source: source.name, named: source.named })
      size += source.size
      if (size >= piece || files.length >= filesAtOnce) {
        yield { kind: 'files', files }
        files = []
        size = 0
      }
      continue
    }
    if (files.length > 0) {
      yield { kind: 'files', files }
      files = []
      size = 0
    }
    const stream = openSource(source, standardInput)
    if (source.path === undefined) yield* workOfInput(source.name, stream, options)
    else yield* linesOf(source.name, stream, options)
  }
  if (files.length > 0) yield { kind: 'files', files }
}

async function* linesOf(
  source: string,
  stream: AsyncIterable<Uint8Array>,
  { spare }: WorkOptions,
): AsyncGenerator<Work> {
  try {
    for await (const batch of lineBatches(stream, undefined, undefined, spare)) {
      yield { kind: 'lines', source, batch }
    }
  } catch (cause) {
    // Reading failed in the middle: a disk, a pipe, a gzip that is none. What was read has been judged.
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined) throw cause
    throw new HarnessError('file-trouble', `${source} cannot be read to its end: ${(cause as Error).message}`, {
      cause,
    })
  }
}

async function* workOfInput(
  source: string,
  stream: AsyncIterable<Uint8Array>,
  options: WorkOptions,
): AsyncGenerator<Work> {
  const chunks = stream[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let size = 0
  let ended = false
  const more = async (): Promise<void> => {
    const next = await chunks.next()
    if (next.done) ended = true
    else {
      const bytes = typeof next.value === 'string' ? Buffer.from(next.value) : next.value
      held.push(bytes)
      size += bytes.length
    }
  }
  // Enough to see a whole first line, unless it is very long.
  while (!ended && size < piece) await more()
  const kind = sniff(Buffer.concat(held))
  if (kind === 'ndjson') {
    const rest: AsyncIterable<Uint8Array> = {
      async *[Symbol.asyncIterator]() {
        yield* held
        while (!ended) {
          const next = await chunks.next()
          if (next.done) return
          yield next.value
        }
      },
    }
    yield* linesOf(source, rest, options)
    return
  }
  while (!ended) {
    await more()
    if (size > defaultLimits.document)
      throw new HarnessError(
        'bad-input',
        `standard input brought more than ${sizeText(defaultLimits.document)} of one document`,
        {
          remedy: 'send many resources as NDJSON, one a line; of those any number may come',
        },
      )
  }
  yield { kind: 'document', source, bytes: copied(Buffer.concat(held)) }
}

const copied = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const own = new Uint8Array(new ArrayBuffer(bytes.length))
  own.set(bytes)
  return own
}
