package dev.weir.mesh.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
                Arguments.of(new FileAlreadyExistsException("/var/lib/weir"), "/var/lib/weir: file already exists"),
                Arguments.of(new FileSystemException("/tmp/a", null, "No space left"), "/tmp/a: No space left"),
                Arguments.of(new IllegalStateException(), "illegal state"),
                Arguments.of(new IOException(), "an error without words"),
                Arguments.of(new NullPointerException("Cannot invoke \"a.b.C.d()\""), "null pointer"),
                Arguments.of(
                        new IOException("it broke: java.nio.channels.ClosedChannelException"),
                        "it broke: closed channel"),
                Arguments.of(new Exception(), "an error without words"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsToldInWords(Throwable failure, String words) {
        assertThat(FailureWords.of(failure)).isEqualTo(words);
    }

    @Test
    void noNameOfAnExceptionIsLeftInWhatLibrariesSay() {
        assertThat(
                        FailureWords.ofItself(
                                new SSLHandshakeException(
                                        "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed")))
                .isEqualTo("PKIX path validation failed: validity check failed");
        assertThat(FailureWords.plain("org.apache.kafka.common.errors.TimeoutException: No topic shop.PaymentError"))
                .isEqualTo("No topic shop.PaymentError");
    }

    @Test
    void whatSaysNothingButItsCauseIsToldAsThat() {
        assertThat(FailureWords.ofItself(new UncheckedIOException(new NoSuchFileException("/etc/weir/key.pem"))))
                .isEqualTo("/etc/weir/key.pem does not exist");
    }

    @Test
    void ofAFileItsNameIsNotSaidAgain() {
        assertThat(FailureWords.ofFile(new NoSuchFileException("/etc/weir/key.pem")))
                .isEqualTo("it does not exist");
        assertThat(FailureWords.ofFile(new AccessDeniedException("/etc/weir/key.pem")))
                .isEqualTo("this user may not");
        assertThat(FailureWords.ofFile(new FileSystemException("/etc/weir/key.pem", null, "Is a directory")))
                .isEqualTo("Is a directory");
        assertThat(FailureWords.ofFile(new FileSystemException("/etc/weir/key.pem")))
                .isEqualTo("the system gives no reason");
        assertThat(FailureWords.ofFile(new IOException("Is a directory"))).isEqualTo("Is a directory");
    }

    @Test
    void nothingIsUnknown() {
        assertThat(FailureWords.of(null)).isEqualTo("unknown");
    }
}
