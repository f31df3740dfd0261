/** Reads the files of a gzipped tarball (a FHIR package in NPM layout) without a library: POSIX ustar with long names. */
import { gunzipSync } from 'node:zlib'

export interface TarFile {
  readonly path: string
  readonly content: Buffer
}

const text = (block: Buffer, from: number, length: number): string => {
  const end = block.indexOf(0, from)
  return block.toString('utf8', from, end === -1 || end > from + length ? from + length : end)
}

/** The files in order. Directories, links and the like are passed over. */
export function* filesOfTarball(gzipped: Uint8Array): Generator<TarFile> {
  const tar = gunzipSync(gzipped)
  let longName: string | undefined
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512)
    if (header[0] === 0) {
      at += 512
      continue
    }
    const size = Number.parseInt(text(header, 124, 12).trim() || '0', 8)
    const kind = String.fromCharCode(header[156] ?? 0)
    const content = tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
    if (kind === 'L') longName = text(content, 0, size)
    else if (kind === 'x' || kind === 'g')
      longName = /\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1] ?? longName
    else {
      const prefix = text(header, 345, 155)
      const name =
        longName ??
        (prefix && header.toString('latin1', 257, 262) === 'ustar' ? `${prefix}/` : '') + text(header, 0, 100)
      longName = undefined
      if (kind === '0' || kind === '\0') yield { path: name, content }
    }
  }
}
