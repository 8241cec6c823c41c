package dev.weir.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureWordsTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new IOException("the disk is full"), "the disk is full"),
                Arguments.of(new CompletionException(new IOException("the disk is full")), "the disk is full"),
                Arguments.of(new SSLHandshakeException(" "), "ssl handshake"),
                Arguments.of(new SSLPeerUnverifiedException(null), "ssl peer unverified"),
                Arguments.of(new CompletionException(new ConnectException()), "there is no connection"),
                Arguments.of(new ClosedChannelException(), "the connection was closed"),
                Arguments.of(new UnresolvedAddressException(), "there is no such host"),
                Arguments.of(new UnknownHostException("idp.example"), "there is no host idp.example"),
                Arguments.of(new TimeoutException(), "no answer came in time"),
                Arguments.of(new NoSuchFileException("/etc/weir/key.pem"), "/etc/weir/key.pem does not exist"),
                Arguments.of(
                        new AccessDeniedException("/etc/weir/key.pem"),
                        "/etc/weir/key.pem is not Weir's user's to open"),
                Arguments.of(new IllegalStateException(), "illegal state"),
                Arguments.of(new Exception(), "an error without words"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsToldInWords(Throwable failure, String words) {
        assertThat(FailureWords.of(failure)).isEqualTo(words);
    }

    @Test
    void nothingIsUnknown() {
        assertThat(FailureWords.of(null)).isEqualTo("unknown");
    }
}
