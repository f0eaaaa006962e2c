import { Event, EVENT_ALIAS, EVENT_DOCUMENT, EVENT_MAPPING, EVENT_POP, EVENT_SCALAR, EVENT_SEQUENCE, getScalarValue, parseEvents } from 'js-yaml';
import { MAX_DEPTH } from './limits';
import { indexStep, restBehind } from './path-step';

/** The offset of a field in a YAML document; where it is missing, that of what should hold it. */
export function locateYaml(text: string, path: string): number {
  const events = parseEvents(text, { maxDepth: MAX_DEPTH });
  const root = events.findIndex(({ type }) => type !== EVENT_DOCUMENT);
  return root < 0 ? 0 : new Locator(text, events).find(root, path, 0);
}

/** The offset of the first key that is a list or a mapping. */
export function complexKey(events: readonly Event[]): number | undefined {
  const open: Array<{ readonly isMapping: boolean; children: number }> = [];
  for (const event of events) {
    const parent = open.at(-1);
    const isCollection = event.type === EVENT_MAPPING || event.type === EVENT_SEQUENCE;
    if (event.type === EVENT_POP) open.pop();
    else if (parent !== undefined) {
      if (isCollection && parent.isMapping && parent.children % 2 === 0) return event.start;
      parent.children++;
    }
    if (isCollection || event.type === EVENT_DOCUMENT) open.push({ isMapping: event.type === EVENT_MAPPING, children: 0 });
  }
  return undefined;
}

class Locator {
  private readonly anchors = new Map<string, number>();

  public constructor(private readonly text: string, private readonly events: readonly Event[]) {
    for (const [index, event] of events.entries()) {
      if ('anchorStart' in event && event.type !== EVENT_ALIAS && event.anchorStart >= 0) {
        this.anchors.set(text.slice(event.anchorStart, event.anchorEnd), index);
      }
    }
  }

  /**
   * @param around where to say it is, if it has no place of its own (a null that is left out)
   * @param at where to say it is, if nothing below is found: the key, for the value of a key
   */
  public find(index: number, path: string, around: number, at = this.startOf(index) ?? around): number {
    if (path === '') return at;
    const event = this.events[index]!;
    if (event.type === EVENT_ALIAS) {
      const target = this.anchors.get(this.text.slice(event.anchorStart, event.anchorEnd));
      return target === undefined || target >= index ? at : this.find(target, path, at);
    }
    if (event.type === EVENT_SEQUENCE) return this.findItem(index, path, at) ?? at;
    return event.type === EVENT_MAPPING ? this.findKey(index, path, at) ?? at : at;
  }

  private findItem(index: number, path: string, around: number): number | undefined {
    const step = indexStep(path);
    if (step === undefined) return undefined;
    let item = index + 1;
    for (let count = 0; count < step.index && this.events[item]?.type !== EVENT_POP; count++) item = this.after(item);
    return this.events[item] === undefined || this.events[item]!.type === EVENT_POP ? undefined : this.find(item, step.rest, around);
  }

  private findKey(index: number, path: string, around: number): number | undefined {
    let best: { key: number; value: number; rest: string } | undefined;
    const merged: number[] = [];
    for (let key = index + 1; this.events[key] !== undefined && this.events[key]!.type !== EVENT_POP;) {
      const value = this.after(key);
      const name = this.scalar(key);
      const rest = name === undefined ? undefined : restBehind(path, name);
      if (name === '<<') merged.push(value);
      if (rest !== undefined && (best === undefined || rest.length < best.rest.length)) best = { key, value, rest };
      key = this.after(value);
    }
    if (best !== undefined) return this.find(best.value, best.rest, around, this.startOf(best.key));
    for (const value of merged) {
      const start = this.startOf(value) ?? around;
      const found = this.find(value, path, start);
      if (found !== start) return found;
    }
    return undefined;
  }

  private scalar(index: number): string | undefined {
    const event = this.events[index]!;
    if (event.type !== EVENT_SCALAR) return undefined;
    return event.valueStart < 0 ? '' : getScalarValue(this.text, event);
  }

  /** The index of what follows a node. */
  private after(index: number): number {
    const { type } = this.events[index]!;
    if (type !== EVENT_MAPPING && type !== EVENT_SEQUENCE) return index + 1;
    let open = 1;
    let next = index + 1;
    for (; open > 0 && next < this.events.length; next++) {
      const inner = this.events[next]!.type;
      if (inner === EVENT_MAPPING || inner === EVENT_SEQUENCE) open++;
      else if (inner === EVENT_POP) open--;
    }
    return next;
  }

  private startOf(index: number): number | undefined {
    const event = this.events[index]!;
    switch (event.type) {
      case EVENT_MAPPING:
      case EVENT_SEQUENCE:
        return earliest(event.start, event.anchorStart - 1, event.tagStart);
      case EVENT_SCALAR:
        return earliest(event.valueStart, event.anchorStart - 1, event.tagStart);
      case EVENT_ALIAS:
        return event.anchorStart - 1;
      default:
        return undefined;
    }
  }
}

function earliest(...offsets: readonly number[]): number | undefined {
  const known = offsets.filter((offset) => offset >= 0);
  return known.length === 0 ? undefined : Math.min(...known);
}
