"""Write keys for SDKs and server keys with scopes for the firm's systems."""
