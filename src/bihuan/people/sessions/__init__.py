"""Sign-in, sessions, CSRF: how a person proves who he is."""
