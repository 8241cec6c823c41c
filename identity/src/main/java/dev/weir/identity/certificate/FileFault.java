package dev.weir.identity.certificate;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What is wrong with a file, in words and without its name: of most of these exceptions, the name is all that they say. */
public final class FileFault {
    private FileFault() {}

    /** To go behind the name of the file. */
    public static String words(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "this user may not";
        }
        String said = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return said == null || said.isBlank() ? "the system gives no reason" : said;
    }
}
