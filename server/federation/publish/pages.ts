import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { registerDataset } from './dataset.ts'
import { registerFeed } from './feed.ts'
import { registerNodeInfo } from './nodeinfo.ts'
import { registerWebFinger } from './webfinger.ts'
import { registerWholeCopy } from './whole-copy.ts'

/** What other servers and programs read of this one, to follow it or to know what it is. */
export function registerPublish(app: FastifyInstance, deps: Deps): void {
  registerFeed(app, deps)
  registerWholeCopy(app, deps)
  registerNodeInfo(app, deps)
  registerWebFinger(app, deps)
  registerDataset(app, deps)
}
