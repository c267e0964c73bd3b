/** Records: the fields of XAPI's objects that the driver reads, as the XenAPI reference has them. */
import * as z from 'zod';

/** 64-bit numbers come as texts from some servers and as numbers from others. */
const integer = /* @__PURE__ */ z
  .union([/* @__PURE__ */ z.string().regex(/^\d{1,19}$/), /* @__PURE__ */ z.number().nonnegative()])
  .transform(Number);

/** Any reference. */
export const reference = /* @__PURE__ */ z.string().min(1);

/** Class `host`. */
export const hostRecord = /* @__PURE__ */ z.object({
  uuid: reference,
  name_label: z.string(),
  enabled: z.boolean(),
  metrics: reference,
  memory_overhead: integer.optional(),
  cpu_info: z.record(z.string(), z.string()),
});

/** Class `host_metrics`. */
export const hostMetrics = /* @__PURE__ */ z.object({ memory_total: integer, memory_free: integer, live: z.boolean() });

/** Class `VM`. */
export const machineRecord = /* @__PURE__ */ z.object({
  uuid: reference,
  name_label: z.string(),
  power_state: z.string(),
  resident_on: z.string(),
  scheduled_to_be_resident_on: z.string().optional(),
  is_control_domain: z.boolean(),
  is_a_template: z.boolean(),
  is_a_snapshot: z.boolean().optional(),
  memory_static_max: integer,
  VCPUs_at_startup: integer,
  allowed_operations: z.array(z.string()),
  current_operations: z.record(z.string(), z.string()),
});

/** Class `task`. */
export const taskRecord = /* @__PURE__ */ z.object({
  status: z.string(),
  progress: z.number().min(0).max(1).catch(0),
  error_info: z.array(z.string()).default(() => []),
});

/** A guest's record. */
export type MachineRecord = z.output<typeof machineRecord>;
/** A task's record. */
export type TaskRecord = z.output<typeof taskRecord>;
