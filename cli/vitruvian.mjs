#!/usr/bin/env node
/** Starts the command line: TypeScript is read as it is, so there is nothing to build. */
import { register } from 'tsx/esm/api'

register()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv)
