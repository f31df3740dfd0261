/** Who may import whom: the table of ARCHITECTURE.md, enforced. Tests may also import what they need to try a thing. */
const test = '\\.test\\.ts$'
const only = (room, ...allowed) => ({
  name: `${room}-imports`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: test },
  to: {
    path: '^(harness|certs|profiles|guides|simulators|flows|reports|steps|proof|cli|features|bench)/',
    pathNot: `^(${[room, ...allowed].join('|')})/`,
  },
})

module.exports = {
  forbidden: [
    only('harness'),
    only('certs', 'harness'),
    only('profiles', 'harness'),
    only('guides', 'harness', 'profiles'),
    only('simulators', 'harness', 'certs', 'profiles'),
    only('flows', 'harness', 'certs'),
    only('reports', 'harness', 'guides'),
    only('steps', 'harness', 'certs', 'profiles', 'guides', 'simulators', 'flows', 'features'),
    only('proof', 'harness', 'certs', 'profiles', 'guides', 'simulators', 'flows', 'features', 'steps', 'reports'),
    {
      name: 'reports-know-only-catalogues',
      severity: 'error',
      from: { path: '^reports/', pathNot: test },
      to: { path: '^guides/.*/checks/' },
    },
    {
      name: 'harness-gets-along-with-node',
      severity: 'error',
      from: { path: '^harness/', pathNot: test },
      to: { dependencyTypes: ['npm'], pathNot: ['@types/fhir', 'fhir/r4', 'node_modules/zod'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
}
