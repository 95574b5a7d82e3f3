/** The part of bpmn-moddle that is used here; the package itself has types for the elements only. */
declare module 'bpmn-moddle' {
  export interface ModdleElement {
    readonly $type: string;
    $parent?: ModdleElement;
    readonly $attrs?: Readonly<Record<string, string>>;
    id?: string;
    name?: string;
    [property: string]: unknown;
  }
  export class BpmnModdle {
    constructor(packages?: Record<string, unknown>);
    /** Without `lax` (on by default) what cannot be read is thrown and not told as a warning. */
    fromXML(
      xml: string,
      options?: { lax?: boolean },
    ): Promise<{ rootElement: ModdleElement; warnings: readonly { message: string }[] }>;
    toXML(element: ModdleElement, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>;
    create(type: string, attributes?: Record<string, unknown>): ModdleElement;
  }
}
