/**
 * A compile-time check that a schema and its core type say the same, field by field, optional ones included.
 * Plain assignability would let an optional field that the schema forgot pass.
 */
type Plain<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : { readonly [Key in keyof T]: Plain<T[Key]> }

type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false

/** `const check: Exactly<z.output<typeof schema>, CoreType> = true` fails the type check when they differ. */
export type Exactly<A, B> = Same<A, B>
