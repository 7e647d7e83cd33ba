package tega.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void isMadeWhereThereIsNone() throws StartException {
        DataFolder data = DataFolder.claim(folder.resolve("a/b"));
        assertThat(data.cache()).isDirectory().isEqualTo(folder.resolve("a/b/cache"));
    }

    @Test
    void saysWhatStandsInTheWay() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DataFolder.claim(file.resolve("data")))
                .isInstanceOf(StartException.class)
                .hasMessage("cannot write to the data folder " + file.resolve("data") + ": Not a directory");
    }
}
