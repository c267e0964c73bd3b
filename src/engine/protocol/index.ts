/** Protocol: the registry and the migration protocol of a management server and its clients, as pure machines (Muda, chapters 5 and 6). */
export { conversation, type Conversation } from './conversation.js';
export { type Copy, copySchema, type CopyState } from './copies.js';
export { clusterOfServer, decidedBy, type DecidedByOptions } from './decided-by.js';
export type { ServerEvent } from './events.js';
export {
  type Evidence,
  type DestinationView,
  type Flight,
  type Landing,
  type Origin,
  type Phase,
  type PhaseName,
  type SourceView,
} from './flight.js';
export { order, type Ordered, type Wish } from './flights.js';
export { guestClient, type GuestClient, guestClientStep, type GuestInput, type GuestStep } from './guest-client.js';
export { defaultIdleSettings, type HomeDecision, type IdleSettings, idleTime, returnsHome } from './home.js';
export {
  type Command,
  hostClient,
  type HostClient,
  hostClientStep,
  type HostInput,
  type HostStep,
  type Product,
} from './host-client.js';
export { learn, type Learned } from './learn.js';
export {
  type Decide,
  type Decision,
  managementServer,
  type ManagementServerOptions,
  receive,
  type Received,
  type Transport,
} from './management-server.js';
export {
  type GuestBody,
  type GuestMessage,
  type GuestParty,
  type HostBody,
  type HostMessage,
  type HostParty,
  type Message,
  type Party,
  partyName,
  type Stamp,
  type UserBody,
  type UserMessage,
  type UserParty,
} from './messages.js';
export {
  accessAt,
  diskStandsOn,
  type DiskParameters,
  type LaunchParameters,
  launchParametersSchema,
  type StorageAccess,
  switchStorage,
} from './parameters.js';
export { type Node, type NodeInput, type NodeStep, nodeStep, startNode } from './node.js';
export { type Packet, readPacket } from './packets.js';
export { peer, type PeerEvent, type PeerOptions } from './peer.js';
export { hasDisk } from './presence.js';
export {
  guestEntry,
  type GuestEntry,
  guestsAt,
  guestsAway,
  hostEntry,
  type HostEntry,
  inventoryOf,
  type Place,
  placeOf,
  type Registry,
  reportsOf,
} from './registry.js';
export type { Awaited, HostOrder, Refusal, Reply, ReplyBody } from './replies.js';
export { messageSchema, readMessage, readReply, replySchema } from './schema.js';
export {
  defaultProtocolSettings,
  type ProtocolOptions,
  type ProtocolSettings,
  protocolSettings,
  retention,
  type StateLimits,
} from './settings.js';
export type { Shelf } from './shelf.js';
export {
  type Change,
  type Heard,
  initialServer,
  type Landed,
  markOfGuest,
  markOfHost,
  phaseOf,
  type Recall,
  type ServerState,
} from './state.js';
export type { Statistics } from './statistics.js';
export { step, type Step, whereIs } from './step.js';
export { tick } from './tick.js';
