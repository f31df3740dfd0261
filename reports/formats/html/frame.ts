/**
 * The frame of a page that is one file and needs nothing else: its style sheets, its own script and nobody else's, the theme,
 * the way past the navigation. Whoever gives the body has escaped it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { safe } from '../../diagram.ts'
import { symbols } from './signs.ts'

const scripts = {
  main: new URL('./client/main.ts', import.meta.url),
  matrix: new URL('./client/matrix.ts', import.meta.url),
} as const

export interface Frame {
  readonly title: string
  /** Sheets of styles/, in this order. */
  readonly sheets: readonly string[]
  /** What makes the page work. */
  readonly script: keyof typeof scripts
  /** The first link, and the way past the navigation. */
  readonly home: string
  readonly nav: readonly (readonly [href: string, text: string])[]
  readonly label: string
  /** What is missing without script. */
  readonly noScript: string
  readonly body: string
  readonly footer: string
  /** Data for the script, after everything that is read. */
  readonly islands?: string
}

/** Before anything is drawn: whether there is script, and which theme the reader chose. */
const first = `document.documentElement.classList.add('js');try{const t=localStorage.getItem('vitruvian-theme');if(t)document.documentElement.dataset.theme=t}catch{}`

/** Made once in a process: by what it is made of. */
const made = new Map<string, Promise<string>>()
const once = (key: string, make: () => Promise<string>): Promise<string> => {
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}

/** The page's own script, made from the modules in client/. */
const clientScript = (name: Frame['script']): Promise<string> =>
  once(`script ${name}`, async () => {
    const { build } = await import('esbuild')
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(scripts[name])],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      charset: 'utf8',
      logLevel: 'silent',
    })
    return (outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script')
  })

const styleSheet = (sheets: readonly string[]): Promise<string> =>
  once(`style ${sheets.join(' ')}`, async () => {
    const read = (name: string): string => readFileSync(new URL(`./styles/${name}.css`, import.meta.url), 'utf8')
    const options = { loader: 'css', minify: true, target: 'chrome111', charset: 'utf8' } as const
    const { transform } = await import('esbuild')
    const { code } = await transform(sheets.map(read).join('\n'), options)
    return code.trim()
  })

/** What single keys do, and the box that switches them off for whoever speaks to the page or strikes keys by chance (WCAG 2.1.4). */
export const keysLine = (keys: readonly (readonly [keys: readonly string[], does: string])[]): string =>
  `<p class="keys"><label><input type="checkbox" id="keys" checked> Keys</label>: ${keys
    .map(([names, does]) => `${names.map((name) => `<kbd>${safe(name)}</kbd>`).join(' ')} ${safe(does)}`)
    .join(', ')}.</p>`

/** The whole page as text. */
export async function framed(frame: Frame): Promise<string> {
  const [script, style] = await Promise.all([clientScript(frame.script), styleSheet(frame.sheets)])
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const policy = `default-src 'none'; script-src ${hash(first)} ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`
  const links = frame.nav.map(([href, text]) => `<a href="${safe(href)}">${safe(text)}</a>`).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${safe(frame.title)}</title>
<script>${first}</script>
<style>${style}</style>
</head>
<body>
${symbols}
<a class="skip" href="#main">Skip to the ${safe(frame.label.toLowerCase())}</a>
<header class="top"><a class="brand" href="${safe(frame.home)}">${mark}<span>Vitruvian</span></a>
<nav aria-label="${safe(frame.label)}">${links}</nav>
<button id="theme" type="button" title="Theme: system, light or dark" hidden>${half}<span></span></button></header>
<main id="main" tabindex="-1">
<noscript><p class="banner is-warning">${safe(frame.noScript)}</p></noscript>
${frame.body}
</main>
<footer>${frame.footer}</footer>
<p class="away" id="said" role="status"></p>
${frame.islands ?? ''}
<script>${script}</script>
</body>
</html>
`
}

const half =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 1.4a6.6 6.6 0 0 1 0 13.2Z" fill="currentColor"/></svg>'
const mark =
  '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12.6" r="10.2" fill="none" stroke="currentColor" stroke-width="1.4"/><rect x="4.2" y="6.6" width="15.6" height="15.6" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M12 6.8v8M4.6 11.2h14.8M12 14.8l-4.6 6.8M12 14.8l4.6 6.8" stroke="currentColor" stroke-width="1.4" fill="none"/><circle cx="12" cy="5" r="1.5" fill="currentColor"/></svg>'
