/** Files that two processes may want to make at the same moment: whoever is first wins, and both use that one. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HarnessError } from '../harness/errors.ts'

/** The file's text; undefined when there is none. Throws `file-trouble` when it cannot be read. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new HarnessError('file-trouble', `${path} cannot be read: ${(cause as Error).message}`, {
      remedy: 'the authorities are kept in a folder that can be read and written: name another, or mend this one',
      cause,
    })
  }
}

/** The file's text, made by `make` when there is none yet. Only the owner may read it. */
export async function readOrMake(path: string, make: () => Promise<string>): Promise<string> {
  const known = await readIfThere(path)
  if (known !== undefined) return known
  const text = await make()
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(draft, text, { mode: 0o600 })
    // A link fails where the name is taken, so the first writer wins; where links are not to be had, the last one does.
    await link(draft, path).catch(async (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') await rename(draft, path)
    })
  } catch (cause) {
    throw new HarnessError('file-trouble', `${path} cannot be written: ${(cause as Error).message}`, {
      cause,
      remedy:
        'make that folder writable, start in one that is, or name another where the verb takes one (--certs, --folder)',
    })
  } finally {
    await rm(draft, { force: true })
  }
  return (await readIfThere(path)) ?? text
}
