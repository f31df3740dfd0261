/** Paths in commands that are printed to be copied. */

/** As a shell takes it for one word, whatever is in it. On Windows with slashes, which every shell takes there. */
export function quoted(path: string, system: NodeJS.Platform = process.platform): string {
  const windows = system === 'win32'
  const shown = windows ? path.replaceAll('\\', '/') : path
  if (/^[\w@%+=:,./-][\w@%+=:,./~-]*$/.test(shown)) return shown
  // Double quotes leave these their meaning, except in cmd.exe, which knows no others.
  return !windows && /["$`\\!]/.test(shown) ? `'${shown.replaceAll("'", "'\\''")}'` : `"${shown}"`
}
