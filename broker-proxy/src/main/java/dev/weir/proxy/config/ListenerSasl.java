package dev.weir.proxy.config;

import java.nio.file.Path;

/**
 * SASL/PLAIN for clients (RFC 4616).
 *
 * @param users file of user names and hashed passwords, re-read when it changes
 * @param allowWithoutTls whether passwords may come over a plaintext connection
 */
public record ListenerSasl(Path users, boolean allowWithoutTls) {}
