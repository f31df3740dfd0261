/** `npm run wording -- <folder of packages>`: writes the digests of the official wording anew, from the packages at hand. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesAtHand, wordingOf } from './artifacts.ts'
import { guides } from './index.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, '../../shared/ig')
const wording = wordingOf(packagesAtHand(guides, folder))
const lines = Object.entries(wording)
  .filter(([, places]) => Object.keys(places).length > 0)
  .map(([name, places]) => {
    const said = Object.entries(places).map(([place, at]) => `    ${JSON.stringify(place)}: ${JSON.stringify(at)}`)
    return `  ${JSON.stringify(name)}: {\n${said.join(',\n')}\n  }`
  })
writeFileSync(join(import.meta.dirname, 'wording.json'), `{\n${lines.join(',\n')}\n}\n`)
process.stdout.write(`${lines.length} packages\n`)
