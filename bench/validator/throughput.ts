/** Resources and megabytes a second on one thread, warm, by CPU time; and how much of that time goes to FHIRPath. */
import { Session } from 'node:inspector'

export interface Throughput {
  readonly perSecond: number
  readonly megabytes: number
}

/** CPU milliseconds of what it does. */
export function cost(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The middle of `rounds` over all subjects. Before that as many that do not count, so that V8 has done its compiling. */
export function throughput<T>(
  subjects: readonly T[],
  bytes: number,
  rounds: { readonly warm: number; readonly counted: number },
  judge: (subject: T) => void,
): Throughput {
  const all = (): void => {
    for (const subject of subjects) judge(subject)
  }
  for (let round = 0; round < rounds.warm; round++) all()
  const times = Array.from({ length: rounds.counted }, () => cost(all)).sort((a, b) => a - b)
  const middle = times[times.length >> 1] as number
  return { perSecond: (subjects.length / middle) * 1000, megabytes: bytes / middle / 1000 }
}

/** The share of a function, and of all that it calls, in the time that `work` takes: as V8's own sampling sees it. */
export async function shareOf(name: string, work: () => void): Promise<number> {
  const session = new Session()
  session.connect()
  const post = (method: string, parameters: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) =>
      session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result))),
    )
  await post('Profiler.enable')
  await post('Profiler.setSamplingInterval', { interval: 500 })
  await post('Profiler.start')
  work()
  const { profile } = (await post('Profiler.stop')) as { profile: Profile }
  session.disconnect()
  return sampledShare(profile, name)
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
}

/** Samples below a frame of that name, as a share of those in any of our functions. */
function sampledShare({ nodes, samples }: Profile, name: string): number {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]))
  const isBelow = (sample: number): boolean => {
    for (let at: number | undefined = sample; at !== undefined; at = parents.get(at))
      if (names.get(at) === name) return true
    return false
  }
  const below = new Map(nodes.map(({ id }) => [id, isBelow(id)]))
  const busy = samples.filter((sample) => names.get(sample) !== '(idle)')
  return busy.filter((sample) => below.get(sample)).length / Math.max(1, busy.length)
}
