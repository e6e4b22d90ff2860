import type {
  AnyNode,
  CallExpression,
  Identifier,
  Node,
  Pattern,
  Program,
  SwitchCase,
  TaggedTemplateExpression,
} from 'acorn';
import {
  bound,
  childrenOf,
  isBound,
  lexical,
  type NodeOf,
  type Scope,
  variables,
  within,
} from './scopes.js';

/** A place where a name stands that no function or block around it declares. */
export interface Reference {
  identifier: Identifier;
  /** How it is used there: called, as the short form of a property, or otherwise. */
  use: 'call' | 'property' | 'read';
}

type Callable = Extract<AnyNode, { params: Pattern[] }>;
type Visits = { [T in AnyNode['type']]?: (node: NodeOf<T>, scope: Scope) => void };

/** The references to what a module does not declare itself: to what it imports, and to what is from elsewhere. */
export function references({ body }: Program): Reference[] {
  const finder = new Finder();
  finder.block(body, undefined, (body as AnyNode[]).flatMap(variables));
  return finder.found;
}

/** Walks a syntax tree, and knows at each place which names are declared around it. */
class Finder {
  readonly found: Reference[] = [];

  private readonly visits: Visits = {
    // What begins a scope.
    BlockStatement: ({ body }, scope) => this.block(body, scope),
    StaticBlock: ({ body }, scope) => this.block(body, scope),
    FunctionDeclaration: (node, scope) => this.function(node, scope, ['arguments']),
    FunctionExpression: (node, scope) =>
      this.function(node, scope, ['arguments', ...(node.id ? [node.id.name] : [])]),
    ArrowFunctionExpression: (node, scope) => this.function(node, scope, []),
    ClassDeclaration: (node, scope) => this.class(node, scope),
    ClassExpression: (node, scope) => this.class(node, scope),
    ForStatement: (node, scope) =>
      this.children(node, within(scope, node.init ? lexical([node.init]) : [])),
    ForInStatement: (node, scope) => this.children(node, within(scope, lexical([node.left]))),
    ForOfStatement: (node, scope) => this.children(node, within(scope, lexical([node.left]))),
    SwitchStatement: ({ discriminant, cases }, scope) => {
      this.visit(discriminant, scope);
      this.cases(cases, scope);
    },
    CatchClause: ({ param, body }, scope) => {
      if (param) this.pattern(param, scope);
      this.visit(body, within(scope, param ? bound(param) : []));
    },
    // Names, and what looks like one.
    Identifier: (node, scope) => this.refer(node, scope, 'read'),
    CallExpression: (node, scope) => this.call(node, node.callee, scope),
    TaggedTemplateExpression: (node, scope) => this.call(node, node.tag, scope),
    VariableDeclarator: ({ id, init }, scope) => {
      this.pattern(id, scope);
      if (init) this.visit(init, scope);
    },
    Property: (node, scope) => {
      if (node.shorthand) this.shorthand(node.value, scope);
      else this.children(node, scope, node.computed ? [] : ['key']);
    },
    MethodDefinition: (node, scope) => this.children(node, scope, node.computed ? [] : ['key']),
    PropertyDefinition: (node, scope) => this.children(node, scope, node.computed ? [] : ['key']),
    MemberExpression: (node, scope) =>
      this.children(node, scope, node.computed ? [] : ['property']),
    LabeledStatement: ({ body }, scope) => this.visit(body, scope),
    BreakStatement: () => {},
    ContinueStatement: () => {},
    MetaProperty: () => {},
    ImportDeclaration: () => {},
  };

  block(statements: readonly Node[], outer: Scope | undefined, more: readonly string[] = []): void {
    const scope = { names: new Set([...lexical(statements), ...more]), outer };
    for (const statement of statements) this.visit(statement as AnyNode, scope);
  }

  private visit(node: AnyNode, scope: Scope): void {
    const visit = this.visits[node.type] as ((node: AnyNode, scope: Scope) => void) | undefined;
    if (visit) visit(node, scope);
    else this.children(node, scope);
  }

  private children(node: AnyNode, scope: Scope, without?: readonly string[]): void {
    for (const child of childrenOf(node, without)) this.visit(child, scope);
  }

  private refer(identifier: Identifier, scope: Scope, use: Reference['use']): void {
    if (!isBound(identifier.name, scope)) this.found.push({ identifier, use });
  }

  private call(
    node: CallExpression | TaggedTemplateExpression,
    callee: AnyNode,
    scope: Scope,
  ): void {
    if (callee.type === 'Identifier') this.refer(callee, scope, 'call');
    else this.visit(callee, scope);
    this.children(node, scope, ['callee', 'tag']);
  }

  private function({ params, body }: Callable, outer: Scope, own: readonly string[]): void {
    const scope = within(outer, [...own, ...params.flatMap(bound)]);
    for (const param of params) this.pattern(param, scope);
    if (body.type === 'BlockStatement') this.block(body.body, scope, body.body.flatMap(variables));
    else this.visit(body, scope);
  }

  private class(node: NodeOf<'ClassDeclaration' | 'ClassExpression'>, outer: Scope): void {
    this.children(node, within(outer, node.id ? [node.id.name] : []), ['id']);
  }

  private cases(cases: readonly SwitchCase[], outer: Scope): void {
    const scope = within(outer, lexical(cases.flatMap(({ consequent }) => consequent)));
    for (const each of cases) this.children(each, scope);
  }

  /** `{ name }` in a value, or `{ name = 1 }` in what is assigned to. */
  private shorthand(value: AnyNode, scope: Scope): void {
    if (value.type === 'Identifier') this.refer(value, scope, 'property');
    if (value.type !== 'AssignmentPattern') return;
    this.shorthand(value.left, scope);
    this.visit(value.right, scope);
  }

  /** Of what declares names, the expressions in it: keys and defaults. */
  private pattern(node: Pattern, scope: Scope): void {
    if (node.type !== 'Identifier') this.children(node, within(scope, bound(node)));
  }
}
