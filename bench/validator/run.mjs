/** Runs the validator's benchmark as `validate` itself is run: as one script, which is what users have, and not as tsx makes it. */
import { load } from '../../sources.mjs'

const { main } = await load('bench/validator/run.ts')
process.exitCode = await main(process.argv.slice(2))
