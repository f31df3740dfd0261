#!/usr/bin/env node
/**
 * Starts the command line: TypeScript is read as it is, so there is nothing to build. Verbs that hold long conversations get
 * a larger nursery for short-lived objects, which Node takes only when it starts: they run in a process of their own, unless the
 * option is there already, as in `npm start`.
 */
import { fileURLToPath } from 'node:url'

// Whoever reads us may have read enough (`| head`): no reason to cry.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

// In MiB: scenarios leave much behind at once; a simulator that streams keeps little and shall stay small.
const nurseries = new Map([
  ['run', 64],
  ['prove', 64],
  ['simulate', 32],
])
const nursery = nurseries.get(process.argv[2] ?? '')
const sized = process.execArgv.some((option) => option.startsWith('--max-semi-space-size'))

if (nursery && !sized) {
  const own = [
    ...process.execArgv,
    `--max-semi-space-size=${nursery}`,
    fileURLToPath(import.meta.url),
    ...process.argv.slice(2),
  ]
  const { spawn } = await import('node:child_process')
  const child = spawn(process.execPath, own, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  // A terminal tells the child of Ctrl-C itself; what is sent to this process alone is handed on. On Windows nothing can be: there a
  // window that closes tells both, and who is ended otherwise hears of it no more than the child, whose channel closes.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'])
    process.on(signal, () => void (process.platform === 'win32' || child.kill(signal)))
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 2)))
} else {
  endWithStarter()
  if (process.argv[2] === 'run') await import('./optimise-late.mjs')
  // What checks files shall answer at once, and is a smaller script.
  const entry = process.argv[2] === 'validate' ? 'cli/main-validate.ts' : 'cli/main.ts'
  const { load } = await import('../sources.mjs')
  const { main } = await load(entry)
  process.exitCode = await main(process.argv)
}

/** Whoever started us over a channel and is gone, however that came, wants no more: as if it had been handed on. */
function endWithStarter() {
  if (!process.connected) return
  process.once('disconnect', () => process.emit('SIGTERM', 'SIGTERM') || process.exit(143))
  process.channel.unref()
}
