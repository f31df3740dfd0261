/** A proof of the proof: a small set of made-up faults, of which some are caught, and the engine says which. */
import { describe, expect, it } from 'vitest'
import { requirementsById } from '../guides/catalogue.ts'
import type { Verdict, VerdictCode } from '../harness/verdict.ts'
import type { Fact } from './facts.ts'
import { holds, matrixOf } from './matrix.ts'
import { missedOf, stateOf, type Trial } from './trial.ts'
import { type Replay, tryOut } from './try-out.ts'

const fact = (
  id: string,
  cost: number,
  ...judged: readonly (readonly [requirement: string, code?: VerdictCode])[]
): Fact => ({
  id,
  key: `${id}.feature`,
  uri: `${id}.feature`,
  line: 1,
  edition: 0,
  code: 'pass',
  judged: judged.map(([requirement, code = 'pass']) => ({ requirement, check: `${requirement}/holds`, code })),
  said: [
    { key: 'first', digest: '1', blind: false },
    { key: 'second', digest: '2', blind: false },
  ],
  rows: ['GET /thing'],
  moves: [],
  cost,
})

const verdict = (requirement: string, code: VerdictCode, exchange?: string): Verdict => ({
  requirement,
  check: `${requirement}/holds`,
  verb: 'SHALL',
  title: 'it holds',
  code,
  findings: exchange ? [{ severity: 'error', code: 'wrong', message: 'it is wrong', exchange }] : [],
  evidence: exchange ? [exchange] : [],
})

/** A replay in which the second exchange is the spoiled one, and these verdicts are given. */
const replaying =
  (verdicts: Readonly<Record<string, readonly Verdict[]>>): Replay =>
  async ({ id }) => ({
    verdicts: verdicts[id] ?? [],
    indexOf: (exchange) => ['x1', 'x2'].indexOf(exchange),
    said: () => [
      { key: 'first', digest: '1', blind: false },
      { key: 'second', digest: 'spoiled', blind: false },
    ],
    marks: [{ during: 1, altered: true, itself: true }],
  })

const facts = [
  fact('cheap', 2, ['PDEX-109']),
  fact('dear', 20, ['PDEX-109'], ['HREX-009']),
  fact('doubtful', 1, ['HREX-009', 'skip']),
]
const byId = new Map(facts.map((one) => [one.id, one]))

const trial = (breaks: readonly string[], more: Partial<Trial> = {}): Trial => ({
  id: 'a-fault',
  kind: 'fault',
  subjects: ['a-fault'],
  title: 'it is wrong',
  goals: breaks.map((id) => [id]),
  mayWarn: [],
  candidates: ['doubtful', 'cheap', 'dear'],
  all: false,
  ...more,
})

describe('a trial', () => {
  it('plays the cheapest scenario first and ends when all is found', async () => {
    const outcome = await tryOut(trial(['PDEX-109']), byId, replaying({ cheap: [verdict('PDEX-109', 'fail', 'x2')] }))
    expect(outcome.played).toEqual(['cheap.feature'])
    expect(stateOf(outcome)).toBe('caught')
    expect(outcome.caught).toMatchObject([{ requirement: 'PDEX-109', pointing: 'touched' }])
  })

  it('goes on where everything is to be known', async () => {
    const replay = replaying({ cheap: [verdict('PDEX-109', 'fail', 'x2')] })
    expect((await tryOut(trial(['PDEX-109'], { all: true }), byId, replay)).played).toHaveLength(3)
  })

  it('is survived by a fault that nobody catches, after every candidate', async () => {
    const outcome = await tryOut(trial(['PDEX-109', 'HREX-009']), byId, replaying({}))
    expect(outcome.played.toSorted()).toEqual(['cheap.feature', 'dear.feature', 'doubtful.feature'])
    expect(stateOf(outcome)).toBe('survived')
    expect(missedOf(outcome)).toEqual(['PDEX-109', 'HREX-009'])
  })

  it('does not count what points at another exchange', async () => {
    const outcome = await tryOut(
      trial(['PDEX-109']),
      byId,
      replaying({ cheap: [verdict('PDEX-109', 'fail', 'x1')], dear: [verdict('PDEX-109', 'fail', 'x1')] }),
    )
    expect(outcome.misplaced).toHaveLength(2)
    expect(stateOf(outcome)).toBe('survived')
  })

  it('does not count what the honest system is told as well, our own trouble, or what another requirement notices', async () => {
    const known = new Map([['cheap', fact('cheap', 2, ['PDEX-109', 'warning'])]])
    const same = await tryOut(trial(['PDEX-109']), known, replaying({ cheap: [verdict('PDEX-109', 'warning', 'x2')] }))
    expect(stateOf(same)).toBe('survived')
    const error = await tryOut(trial(['PDEX-109']), byId, replaying({ cheap: [verdict('PDEX-109', 'error', 'x2')] }))
    expect(stateOf(error)).toBe('survived')
    const other = await tryOut(trial(['PDEX-109']), byId, replaying({ dear: [verdict('HREX-009', 'fail', 'x2')] }))
    expect(stateOf(other)).toBe('survived')
    expect(other.collateral).toMatchObject([{ requirement: 'HREX-009' }])
  })

  it('says of a pair of which one keeps the other from showing that it is masked', async () => {
    const pair = trial([], { kind: 'pair', goals: [['PDEX-109'], ['HREX-009']] })
    const one = await tryOut(pair, byId, replaying({ cheap: [verdict('PDEX-109', 'fail', 'x2')] }))
    expect(stateOf(one)).toBe('masked')
    expect(stateOf(await tryOut(pair, byId, replaying({})))).toBe('survived')
  })
})

describe('a legal variant', () => {
  const variant = trial([], { kind: 'variant', all: true, mayWarn: ['HREX-009'] })

  it('is an alarm when anything is found unmet, or goes wrong with us', async () => {
    expect(stateOf(await tryOut(variant, byId, replaying({ dear: [verdict('PDEX-109', 'fail', 'x2')] })))).toBe('alarm')
    expect(stateOf(await tryOut(variant, byId, replaying({ dear: [verdict('PDEX-109', 'error', 'x2')] })))).toBe(
      'alarm',
    )
    const troubled: Replay = async (one) => ({ ...(await replaying({})(one)), trouble: 'a sentence threw' })
    expect(stateOf(await tryOut(variant, byId, troubled))).toBe('alarm')
  })

  it('may be warned about advice that it names, and about no other', async () => {
    const warned = (id: string) => tryOut(variant, byId, replaying({ dear: [verdict(id, 'warning', 'x2')] }))
    expect(stateOf(await warned('HREX-009'))).toBe('quiet')
    expect(stateOf(await warned('PDEX-109'))).toBe('alarm')
  })

  it('is told when it keeps a check from deciding', async () => {
    const outcome = await tryOut(variant, byId, replaying({ dear: [verdict('PDEX-109', 'skip')] }))
    expect(stateOf(outcome)).toBe('quiet')
    expect(outcome.undecided).toEqual(['dear.feature: PDEX-109/holds'])
  })
})

describe('the matrix', () => {
  it('holds only when nothing survived and nobody cried wolf', async () => {
    const caught = await tryOut(trial(['PDEX-109']), byId, replaying({ cheap: [verdict('PDEX-109', 'fail', 'x2')] }))
    const survived = await tryOut(trial(['HREX-009'], { id: 'another' }), byId, replaying({}))
    const good = matrixOf(facts, [], [caught], requirementsById)
    expect(holds(good)).toBe(true)
    expect(holds({ ...good, whole: true })).toBe(false)
    expect(good.soleGuards).toEqual([{ requirement: 'PDEX-109', fault: 'a-fault' }])
    expect(good.unguarded).toEqual(['HREX-009'])
    expect(good.untripped).toEqual(['HREX-009/holds'])
    expect(good.idle).toEqual(['dear.feature', 'doubtful.feature'])
    expect(holds(matrixOf(facts, [], [caught, survived], requirementsById))).toBe(false)
    const wolf = { scenario: 'cheap.feature', requirement: 'PDEX-109', check: 'x', code: 'fail', message: '' } as const
    expect(holds(matrixOf(facts, [wolf], [caught], requirementsById))).toBe(false)
  })
})
