/** For tests: the reports of a sample run in folders of their own, and every text in them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openRecord } from '../record.ts'
import { type Rendered, type RenderOptions, renderAll } from '../render.ts'
import { sampleCatalogue } from '../sample-data.ts'
import { type SampleOptions, sampleLines } from '../sample-run.ts'

/** Where one test file renders, each run into the next folder below `home`. */
export function renderer(
  home: string,
): (sample: SampleOptions, options?: RenderOptions) => Promise<Rendered & { readonly folder: string }> {
  let count = 0
  return async (sample, options = {}) => {
    const folder = join(home, String(++count))
    const record = openRecord(join(folder, 'record.ndjson'))
    for (const line of sampleLines(sample)) record.write(line)
    record.close()
    return {
      folder,
      ...(await renderAll(join(folder, 'record.ndjson'), folder, { requirements: sampleCatalogue, ...options })),
    }
  }
}

/** Every text under a folder, the packed parts of the HTML report unpacked. */
export function everything(folder: string): Map<string, string> {
  const texts = new Map<string, string>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (!statSync(path).isFile()) continue
    const text = readFileSync(path, 'utf8')
    texts.set(name, text + (name === 'report.html' ? islands(text).join('\n') : ''))
  }
  return texts
}
export const islands = (html: string): string[] =>
  [...html.matchAll(/<script type="text\/plain" id="part-[\w-]+">([A-Za-z0-9+/=]*)<\/script>/g)].map(([, text]) =>
    gunzipSync(Buffer.from(text as string, 'base64')).toString('utf8'),
  )
