/* Keys of one purpose: made once, read from files, checked, kept in guarded
 * memory.
 *
 * Called at start. A key file that strangers may read, that is too short or not
 * hex ends the start: sealed numbers must never depend on a weak key. If two
 * processes make the first key at once, the first link() wins. Never writes a
 * key anywhere else.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "chassis/base/bytes.h"
#include "chassis/base/seal.h"
#include "chassis/base/seal_keys.h"
#include "chassis/base/secret_file.h"

enum { ERROR_SIZE = 256, HEX_SIZE = 2 * SEAL_KEY };

void
seal_start(void)
{
    if (sodium_init() < 0)
        abort();
}

static void
set_error(char ret_error[ERROR_SIZE], const char *path, const char *what)
{
    snprintf(ret_error, ERROR_SIZE, "%.180s: %s", path, what);
}

/* Key id of "<purpose>-<id>.key"; 0 for any other name. */
static int
key_id(const char *file, const char *purpose)
{
    size_t length = strlen(purpose);
    if (strncmp(file, purpose, length) != 0 || file[length] != '-')
        return 0;

    int id = 0;
    const char *at = file + length + 1;
    for (; *at >= '0' && *at <= '9' && id <= SEAL_KEY_ID_MAX; at++)
        id = id * 10 + (*at - '0');
    return strcmp(at, ".key") == 0 && id <= SEAL_KEY_ID_MAX ? id : 0;
}

/* NULL if the file may hold a key, otherwise what is wrong with it. */
static const char *
check_file(int file)
{
    struct stat stat;
    if (fstat(file, &stat) != 0)
        return strerror(errno);
    if (!S_ISREG(stat.st_mode))
        return "is no regular file";
    return secret_file_fault(&stat);
}

static const char *
parse_key(const char *hex, size_t size, uint8_t ret_key[SEAL_KEY])
{
    size_t used = 0;
    const char *end = NULL;
    if (size > 0 && hex[size - 1] == '\n')
        size--;
    if (size != HEX_SIZE ||
        sodium_hex2bin(ret_key, SEAL_KEY, hex, size, NULL, &used, &end) != 0 ||
        used != SEAL_KEY)
        return "is not 64 hexadecimal digits";
    return NULL;
}

static const char *
read_key(const char *path, uint8_t ret_key[SEAL_KEY])
{
    char hex[HEX_SIZE + 2];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return strerror(errno);

    const char *fault = check_file(file);
    ssize_t size = fault == NULL ? read(file, hex, sizeof(hex)) : 0;
    close(file);
    if (fault == NULL)
        fault = parse_key(hex, size < 0 ? 0 : (size_t)size, ret_key);
    sodium_memzero(hex, sizeof(hex));
    return fault;
}

static bool
write_key(const char *path)
{
    uint8_t key[SEAL_KEY];
    char hex[HEX_SIZE + 1];
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;

    randombytes_buf(key, sizeof(key));
    seal_hex(key, sizeof(key), hex);
    hex[HEX_SIZE] = '\n';
    bool fine = write(file, hex, sizeof(hex)) == (ssize_t)sizeof(hex) &&
                fsync(file) == 0;
    fine = close(file) == 0 && fine;
    sodium_memzero(key, sizeof(key));
    sodium_memzero(hex, sizeof(hex));
    return fine;
}

static bool
sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool fine = fsync(file) == 0;
    close(file);
    return fine;
}

/* Makes key 1; also true if another process has made it meanwhile. */
static bool
make_first(const char *folder, const char *purpose, char ret_error[ERROR_SIZE])
{
    char draft[PATH_MAX];
    char path[PATH_MAX];
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        set_error(ret_error, folder, strerror(errno));
        return false;
    }
    int length = snprintf(draft, sizeof(draft), "%s/.%s-%ld.draft", folder,
                          purpose, (long)getpid());
    snprintf(path, sizeof(path), "%s/%s-1.key", folder, purpose);
    if (length < 0 || (size_t)length >= sizeof(draft)) {
        set_error(ret_error, folder, "too long a name");
        return false;
    }

    bool fine = write_key(draft) &&
                (link(draft, path) == 0 || errno == EEXIST) &&
                sync_folder(folder);
    if (!fine)
        set_error(ret_error, path, strerror(errno));
    unlink(draft);
    return fine;
}

static bool
take_key(struct seal_keys *keys, const char *folder, const char *file, int id,
         char ret_error[ERROR_SIZE])
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof(path), "%s/%s", folder, file);
    const char *fault = length < 0 || (size_t)length >= sizeof(path)
                            ? "too long a name"
                            : read_key(path, keys->key[id]);
    if (fault != NULL) {
        set_error(ret_error, path, fault);
        return false;
    }
    keys->known[id] = true;
    if (keys->first == 0 || id < keys->first)
        keys->first = id;
    if (id > keys->last)
        keys->last = id;
    return true;
}

static bool
read_folder(struct seal_keys *keys, const char *folder, const char *purpose,
            char ret_error[ERROR_SIZE])
{
    bool fine = true;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        set_error(ret_error, folder, strerror(errno));
        return false;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL && fine;
         entry = readdir(dir)) {
        int id = key_id(entry->d_name, purpose);
        if (id > 0)
            fine = take_key(keys, folder, entry->d_name, id, ret_error);
    }
    closedir(dir);
    if (fine && keys->last == 0) {
        set_error(ret_error, folder, "holds no key of this purpose");
        errno = ENOENT;
        return false;
    }
    return fine;
}

struct seal_keys *
seal_keys_open(const char *folder, const char *purpose,
               char ret_error[ERROR_SIZE])
{
    seal_start();
    struct seal_keys *keys = sodium_malloc(sizeof(*keys));
    if (keys == NULL) {
        set_error(ret_error, folder, "no memory for keys");
        return NULL;
    }
    memset(keys, 0, sizeof(*keys));
    errno = 0;
    if (!read_folder(keys, folder, purpose, ret_error)) {
        int reason = errno;
        sodium_free(keys);
        errno = reason;
        return NULL;
    }
    sodium_mprotect_readonly(keys);
    return keys;
}

bool
seal_keys_make(const char *folder, const char *purpose,
               char ret_error[ERROR_SIZE])
{
    struct seal_keys *keys = seal_keys_open(folder, purpose, ret_error);

    if (keys != NULL) {
        seal_keys_free(keys);
        return true;
    }
    return errno == ENOENT && make_first(folder, purpose, ret_error);
}

int
seal_keys_next(const struct seal_keys *keys, int id)
{
    while (++id <= SEAL_KEY_ID_MAX)
        if (keys->known[id])
            return id;
    return 0;
}

void
seal_keys_fingerprint(const struct seal_keys *keys, int id,
                      uint8_t ret_fingerprint[SEAL_DIGEST])
{
    static const char context[] = "inservice key fingerprint";

    crypto_generichash(ret_fingerprint, SEAL_DIGEST, (const uint8_t *)context,
                       sizeof context - 1, keys->key[id], SEAL_KEY);
}

void
seal_keys_free(struct seal_keys *keys)
{
    sodium_free(keys); /* wipes them */
}
