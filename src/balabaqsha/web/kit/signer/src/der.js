// A small DER writer and reader. Parts of a certificate are copied byte for byte, never written anew:
// a re-encoded Cyrillic name no longer matches its issuer.
const encoder = new TextEncoder();

export const TAG = {
  INTEGER: 0x02,
  OCTETS: 0x04,
  NULL: 0x05,
  OID: 0x06,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
  CONTEXT_0: 0xa0,
};

export const NULL = Uint8Array.of(TAG.NULL, 0);

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function lengthOf(size) {
  if (size < 128) return [size];
  const digits = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [0x80 | digits.length, ...digits];
}

export function tlv(tag, ...values) {
  const body = concat(...values);
  return concat(Uint8Array.of(tag, ...lengthOf(body.length)), body);
}

export const sequence = (...values) => tlv(TAG.SEQUENCE, ...values);
export const octets = (value) => tlv(TAG.OCTETS, value);
export const smallInteger = (value) => Uint8Array.of(TAG.INTEGER, 1, value);

export function oid(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) septets.unshift(0x80 | (left % 128));
    bytes.push(...septets);
  }
  return tlv(TAG.OID, Uint8Array.from(bytes));
}

function compare(left, right) {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index += 1) {
    if (left[index] !== right[index]) return left[index] - right[index];
  }
  return left.length - right.length;
}

// DER orders the members of a SET OF by their encoding.
export const setOf = (members) => tlv(TAG.SET, ...[...members].sort(compare));

// UTCTime holds the years 1950-2049 (RFC 5652, 11.3).
export function time(moment) {
  const digits = moment.toISOString().replace(/[-:T]/g, "").slice(0, 14);
  const year = moment.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? tlv(TAG.UTC_TIME, encoder.encode(`${digits.slice(2)}Z`))
    : tlv(TAG.GENERALIZED_TIME, encoder.encode(`${digits}Z`));
}

// The element at a position: where it starts, where its body starts, where it ends.
export function elementAt(bytes, start) {
  let length = bytes[start + 1];
  let header = 2;
  if (length & 0x80) {
    const size = length & 0x7f;
    length = 0;
    for (let index = 0; index < size; index += 1) length = length * 256 + bytes[start + 2 + index];
    header += size;
  }
  const body = start + header;
  const end = body + length;
  if (!(end <= bytes.length)) throw new RangeError("element runs past the end");
  return { tag: bytes[start], start, body, end };
}
