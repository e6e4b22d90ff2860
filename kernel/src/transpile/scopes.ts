import type { AnyNode, Node, Pattern } from 'acorn';

export type NodeOf<T extends AnyNode['type']> = Extract<AnyNode, { type: T }>;

/** The names that are bound from here inwards. */
export interface Scope {
  names: Set<string>;
  outer: Scope | undefined;
}

export function within(outer: Scope, names: readonly string[]): Scope {
  return { names: new Set(names), outer };
}

export function isBound(name: string, scope: Scope): boolean {
  for (let each: Scope | undefined = scope; each; each = each.outer) {
    if (each.names.has(name)) return true;
  }
  return false;
}

function isNode(value: unknown): value is AnyNode {
  return typeof (value as Node | null)?.type === 'string';
}

export function isA<T extends AnyNode['type']>(type: T) {
  return (node: AnyNode): node is NodeOf<T> => node.type === type;
}

export function childrenOf(node: AnyNode, without: readonly string[] = []): AnyNode[] {
  const children: AnyNode[] = [];
  for (const key in node) {
    const value: unknown = (node as unknown as Record<string, unknown>)[key];
    if (typeof value !== 'object' || value === null || without.includes(key)) continue;
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

/** The names that statements declare for the block that they are in. */
export function lexical(statements: readonly Node[]): string[] {
  return (statements as readonly AnyNode[]).flatMap((node) => {
    if (node.type === 'VariableDeclaration') {
      return node.kind === 'var' ? [] : node.declarations.flatMap(({ id }) => bound(id));
    }
    const isDeclaration = node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration';
    return isDeclaration && node.id ? [node.id.name] : [];
  });
}

/** The names that `var` declares in a statement, at any depth, for the function that it is in. */
export function variables(node: AnyNode): string[] {
  if (/Function|^Class/.test(node.type)) return [];
  if (node.type === 'VariableDeclaration' && node.kind === 'var') {
    return node.declarations.flatMap(({ id }) => bound(id));
  }
  return childrenOf(node).flatMap(variables);
}

/** The names that a pattern binds. */
export function bound(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) =>
        bound(each.type === 'RestElement' ? each.argument : each.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each ? bound(each) : []));
    case 'RestElement':
      return bound(pattern.argument);
    case 'AssignmentPattern':
      return bound(pattern.left);
    case 'MemberExpression':
      return [];
  }
}
