/** A process that plays for a proof: opens a stage, takes tasks over IPC one by one, tells what came of each, and ends. */
import { HarnessError, troubleOf } from '../harness/errors.ts'
import type { Fact } from './facts.ts'
import type { Order, Reply, Task } from './orders.ts'
import { playHonestly, playTrial } from './perform.ts'
import { openTheatre, type Theatre } from './theatre.ts'

let theatre: Theatre | undefined
let facts: ReadonlyMap<string, Fact> = new Map()

const tell = (reply: Reply): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(reply, undefined, undefined, () => resolve())
    else resolve()
  })

async function perform(task: Task): Promise<void> {
  if (!theatre) throw new HarnessError('internal', 'no stage is open')
  const result = task.is === 'honest' ? await playHonestly(theatre, task) : await playTrial(theatre, task.trial, facts)
  await tell({ is: 'result', result })
}

async function obey(order: Order): Promise<void> {
  if (order.is === 'open') {
    theatre = await openTheatre(order)
    await tell({ is: 'ready' })
  } else if (order.is === 'facts') facts = new Map(order.facts.map((fact) => [fact.id, fact]))
  else if (order.is === 'task') await perform(order.task)
  else {
    await theatre?.close()
    process.disconnect()
  }
}

// Whoever ordered it may be gone: nobody would hear what it tells.
process.once('disconnect', () => process.exit())
// One after the other, in the order in which they came.
let obeyed: Promise<void> = Promise.resolve()
process.on('message', (order: Order) => {
  obeyed = obeyed.then(() => obey(order)).catch((error: unknown) => tell({ is: 'trouble', ...troubleOf(error) }))
})
