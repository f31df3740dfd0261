import { describe, expect, it } from 'vitest'
import { quoted } from './quoted.ts'
import { coloured, widthOf } from './terminal.ts'

describe('colours', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
    [{ isTTY: true }, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    // In a file or a pipe only who asks gets them, on every system and on a CI server alike.
    [{}, {}, false],
    [{}, { CI: 'true' }, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: '' }, false],
  ])('of %j under %j', (out, env, wanted) => expect(coloured(out, env)).toBe(wanted))
})

it('has a width, also where nobody looks', () => {
  expect([{ isTTY: true, columns: 40 }, { isTTY: true, columns: 0 }, {}].map(widthOf)).toEqual([40, 80, 80])
})

describe('a path in a command', () => {
  it.each([
    ['linux', 'kit/plan.yaml', 'kit/plan.yaml'],
    ['linux', 'my kit (ü) #1/plan.yaml', '"my kit (ü) #1/plan.yaml"'],
    ['linux', '~kit/plan.yaml', '"~kit/plan.yaml"'],
    ['linux', 'a$HOME`id`\\"!/plan.yaml', `'a$HOME\`id\`\\"!/plan.yaml'`],
    ['linux', "it's $5", `'it'\\''s $5'`],
    ['win32', 'reports\\out\\kit\\plan.yaml', 'reports/out/kit/plan.yaml'],
    ['win32', 'C:\\Users\\PROGRA~1\\plan.yaml', 'C:/Users/PROGRA~1/plan.yaml'],
    ['win32', 'C:\\My Plans\\100%\\plan.yaml', '"C:/My Plans/100%/plan.yaml"'],
  ] as const)('on %s: %s', (system, path, word) => expect(quoted(path, system)).toBe(word))
})
