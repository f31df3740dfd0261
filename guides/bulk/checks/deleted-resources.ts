/** What a manifest says was deleted since (Bulk Data 2.0 export, deleted). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import { few } from '../../core/judging.ts'
import { at, keyOf, linesOf, type Resource } from '../../core/received.ts'
import { absolute, anyKey, asked, succeeded } from '../../core/rest.ts'
import { type Completed, completedExports } from '../judging.ts'

/** Files of deletions, where there are any. */
const deletions = (transcript: Transcript, { manifest, completed }: Completed): Exchange[] =>
  (manifest?.deleted ?? []).flatMap(({ url }) =>
    transcript.all('export-file', {
      where: (x) => absolute(x.request.url, x) === absolute(String(url), completed) && succeeded(x),
    }),
  )

export const deletionsAreListed = check(
  'BULK-077',
  'SHOULD',
  'With _since, deletions are listed as transactions',
  (transcript, scene) => {
    const since = completedExports(transcript, scene).filter(({ kickOff }) => asked(kickOff).params.has('_since'))
    const expecting = since.filter(({ kickOff }) => kickOff.intent.state === 'deleted')
    const files = since.flatMap((one) => deletions(transcript, one))
    const lost = expecting
      .filter(({ manifest }) => (manifest?.deleted ?? []).length === 0)
      .map(({ completed }) =>
        unmet(completed, 'missing-deletion', 'a resource was deleted since, and deleted is empty', {
          expected: 'a file in deleted',
          expression: 'deleted',
        }),
      )
    const wrong = files.flatMap((x) =>
      linesOf(x).flatMap(({ value, number }) => {
        const bundle = value as Resource | undefined
        const requests = at(bundle, 'entry.request') as { method?: string; url?: string }[]
        const sound =
          bundle?.resourceType === 'Bundle' &&
          bundle.type === 'transaction' &&
          requests.length > 0 &&
          requests.every(({ method, url }) => method === 'DELETE' && url)
        return sound
          ? []
          : [
              unmet(x, 'wrong-bundle', 'a line of deletions is no transaction of DELETEs', {
                expression: `line ${number}`,
              }),
            ]
      }),
    )
    if (lost.length + wrong.length > 0) return few([...lost, ...wrong])
    return files.length === 0
      ? [
          undecided(
            expecting[0]?.completed,
            expecting.length === 0
              ? 'nothing was deleted before an export with _since'
              : 'the files that list deletions could not be fetched',
          ),
        ]
      : []
  },
)

export const deletedIsNotGiven = check(
  'BULK-078',
  'SHALL NOT',
  'A resource is deleted and given at once',
  (transcript, scene) => {
    const all = completedExports(transcript, scene)
    const found = all.map((one) => ({
      one,
      gone: new Set(
        deletions(transcript, one).flatMap((x) =>
          linesOf(x).flatMap(({ value }) =>
            at(value, 'entry.request.url').map((url) => anyKey(String(url)) ?? String(url)),
          ),
        ),
      ),
    }))
    if (found.every(({ gone }) => gone.size === 0)) return [undecided(undefined, 'no export listed deletions')]
    return few(
      found.flatMap(({ one, gone }) =>
        one.received
          .filter(({ resource }) => gone.has(keyOf(resource)))
          .map(({ exchange, resource, expression }) =>
            unmet(exchange, 'deleted-and-given', `${keyOf(resource)} is in the output and among the deletions`, {
              expression,
            }),
          ),
      ),
    )
  },
)

export const deletedResourceChecks: readonly Check[] = [deletionsAreListed, deletedIsNotGiven]
