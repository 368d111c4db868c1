/** The shapes of the API's answers that the views share; infra/openapi.json says the rest. */

export interface Visit {
  id: string;
  version: number;
  status: string;
  service: string;
  service_name: string;
  staff: string;
  room: string | null;
  start: string;
  end: string;
  before: number;
  after: number;
  client: string;
  client_name: string;
  record_name: string | null;
  tier: string;
  note: string;
  at_risk: boolean;
  late: boolean;
  waits_until: string | null;
  released: boolean;
  acts: string[];
  alerts: string[];
  phone: boolean;
}

export interface Span {
  start: string;
  end: string;
}

export interface Block extends Span {
  id: string;
  revision: number;
  staff: string;
  why: string;
  by: string;
}

/** Free time, and the services that fit into it, each from its first start on. */
export interface Gap extends Span {
  staff: string;
  fits: { service: string; start: string }[];
  waiting: { entry: string; client_name: string; service: string; start: string; book_for_me: boolean }[];
}

export interface Day {
  on: string;
  zone: string;
  now: string;
  checks_in: boolean;
  staff: { id: string; name: string; hours: Span[]; off: (Span & { why: string })[]; busy: Span[] }[];
  rooms: { id: string; name: string }[];
  services: { id: string; name: string; duration: number; staff: string[] }[];
  appointments: Visit[];
  holds: (Span & { staff: string; room: string | null; until: string })[];
  blocks: Block[];
  gaps: Gap[];
}

export interface Note {
  id: string;
  text: string;
  by: string;
  at: string;
  pinned: boolean;
}

export interface Consent {
  purpose: string;
  channel: string;
  said: string;
  at: string;
  source: string;
  words: string;
}

export interface ClientRecord {
  id: string;
  revision: string;
  name: string;
  tier: string;
  tags: string[];
  alerts: string[];
  notes: Note[];
  older_notes: number;
  standing: { standing: string; why: string; by_record: string; eases_at: string | null; early: string; early_until: string | null; set: { by: string; at: string; why: string; until: string | null } | null };
  figures: { booked: number; kept: number; late: number; missed: number; cancelled: number; cancelled_late: number; since: string | null };
  locale: string;
  zone: string;
  phone: string | null;
  phone_written: string | null;
  email: string | null;
  wechat: string | null;
  preferred: string | null;
  do_not_disturb: boolean;
  reached_by: Record<string, string[]>;
  consents: Consent[];
  earlier: number;
  stopped: { channel: string; address: string; at: string; why: string }[];
  merged: { id: string; name: string; contacts: string[]; by: string; at: string; undo_until: string }[];
}

/** Of a client's list, coming or past. */
export interface PastVisit {
  id: string;
  version: number;
  status: string;
  service: string;
  service_name: string;
  staff: string;
  staff_name: string;
  start: string;
  end: string;
  late: boolean;
  booked_as: string | null;
}

/** A line of a conversation: what the client wrote, or what was sent to them. */
export interface Said {
  by: "client" | "us";
  at: string;
  channel: string;
  appointment: string;
  text: string;
  intent: string | null;
  done: string;
  stage: string;
  status: string | null;
  reason: string;
  delivery: string | null;
  staff: string;
  next_try: string | null;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
}

/** A client's last words in the inbox. */
export interface Thread {
  client: string;
  client_name: string;
  tier: string;
  channel: string;
  at: string;
  text: string;
  intent: string | null;
  done: string;
  unanswered: boolean;
  follow_up: string | null;
  answer_by: string | null;
  alerts: string[];
}
