/** Every way in which a script can be played in Node: what passes must be the same in all of them. */
import { nodeMsw } from './mounts/nodeMswMount.ts'
import { port } from './mounts/portMount.ts'
import { direct, type Mount } from './play.ts'

export const mounts: readonly Mount[] = [direct, nodeMsw, port]
