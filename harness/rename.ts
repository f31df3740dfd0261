/** Gives what was made its own name. Windows refuses while somebody looks into it, and scanners look into all that is new. */
import { renameSync } from 'node:fs'

const passing = new Set(['EACCES', 'EBUSY', 'EPERM'])
/** Milliseconds from one try to the next; a scanner is seldom at it for so long. */
const pauses = [10, 30, 90, 270, 600]

/** Renames, and tries again for a second where it is refused. Throws what `node:fs` throws at the last try. */
export function renamePatiently(
  from: string,
  to: string,
  rename: (from: string, to: string) => void = renameSync,
): void {
  for (const pause of pauses) {
    try {
      rename(from, to)
      return
    } catch (error) {
      if (!passing.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
  rename(from, to)
}
