/** Whose token a caller shows. Adapters check it; what its holder may do is http/auth.ts's business. */
export type TokenOutcome =
  /** Signature, issuer, audience, expiry and e-mail were all checked. */
  | { readonly kind: 'verified'; readonly email: string }
  /** Claims of a token whose signature Cloud Run checked and stripped; believed only where the service is private. */
  | { readonly kind: 'stripped'; readonly email: string }
  /** `detail` never contains the token. */
  | { readonly kind: 'rejected'; readonly detail: string }
  /** The issuer's certificates could not be had: no word about the token. */
  | { readonly kind: 'unavailable'; readonly detail: string }

/** Says whose token it is. What the holder may do is http/auth.ts's business. */
export type IdentityVerifier = {
  verify(token: string): Promise<TokenOutcome>
}
