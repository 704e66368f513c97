/* The last step of a mail: to a server by SMTP, or into a folder.
 *
 * Called by the mail thread. A spool file appears whole or not at all; its
 * name sorts by time. Must never log an address or a text.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

#include "gateway/gateway.h"
#include "gateway/mail/mail.h"

enum { CONNECT_SECONDS = 8, SEND_SECONDS = 20 };

/* --- spool -------------------------------------------------------------- */
static bool
write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(fd, data, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        data += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static bool
spool(const char *folder, const char *name, const struct bytes *message,
      char ret_error[256])
{
    char path[1024];
    char part[1032];

    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        snprintf(ret_error, 256, "no spool folder: %s", strerror(errno));
        return false;
    }
    snprintf(path, sizeof(path), "%s/%s.eml", folder, name);
    snprintf(part, sizeof(part), "%s.part", path);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = fd >= 0 && write_all(fd, message->data, message->size);
    if (fd >= 0 && close(fd) != 0)
        done = false;
    if (!done || rename(part, path) != 0) {
        snprintf(ret_error, 256, "spool: %s", strerror(errno));
        unlink(part);
        return false;
    }
    return true;
}

/* --- SMTP --------------------------------------------------------------- */
struct upload {
    const char *data;
    size_t left;
};

static size_t
upload_some(char *buffer, size_t size, size_t count, void *state)
{
    struct upload *upload = state;
    size_t room = size * count;
    size_t some = upload->left < room ? upload->left : room;

    memcpy(buffer, upload->data, some);
    upload->data += some;
    upload->left -= some;
    return some;
}

static CURLcode
set_options(CURL *curl, struct upload *upload, struct curl_slist *to,
            char error[CURL_ERROR_SIZE])
{
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SEND_SECONDS);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL,
        (long)(gateway_settings.smtp_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, gateway_settings.mail_from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, upload_some);
    curl_easy_setopt(curl, CURLOPT_READDATA, upload);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    return curl_easy_setopt(curl, CURLOPT_URL, gateway_settings.smtp_url);
}

/* Only a receiver refused permanently (550 to 554 at RCPT) makes retrying
 * useless. An operator can fix a refused sender or a wrong password. Only
 * libcurl's message has the step; if its wording changes, the mail is just
 * tried for longer. */
static bool
is_refused(CURL *curl, CURLcode code, const char *error)
{
    long reply = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    return code == CURLE_SEND_ERROR && reply >= 550 && reply <= 554 &&
           strncmp(error, "RCPT failed", strlen("RCPT failed")) == 0;
}

static enum mail_way
smtp(const char *to, const struct bytes *message, char ret_error[256])
{
    struct upload upload = {message->data, message->size};
    char error[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    struct curl_slist *receivers = curl_slist_append(NULL, to);
    CURLcode code = CURLE_OUT_OF_MEMORY;

    if (curl != NULL && receivers != NULL)
        code = set_options(curl, &upload, receivers, error);
    if (code == CURLE_OK)
        code = curl_easy_perform(curl);
    bool refused = curl != NULL && is_refused(curl, code, error);
    curl_slist_free_all(receivers);
    curl_easy_cleanup(curl);
    /* The server's text may hold the address, so only its code is used. */
    if (code != CURLE_OK)
        snprintf(ret_error, 256, "smtp: %s",
                 refused ? "no such receiver" : curl_easy_strerror(code));
    if (code == CURLE_OK)
        return MAIL_GONE;
    return refused ? MAIL_NEVER : MAIL_LATER;
}

enum mail_way
mail_send(const char *name, const char *to, struct bytes *message,
          char ret_error[256])
{
    const char *folder = gateway_settings.mail_spool;

    if (folder != NULL && folder[0] != '\0')
        return spool(folder, name, message, ret_error) ? MAIL_GONE : MAIL_LATER;
    if (gateway_settings.smtp_url == NULL ||
        gateway_settings.smtp_url[0] == '\0') {
        snprintf(ret_error, 256, "neither MAIL_SPOOL nor SMTP_URL is set");
        return MAIL_LATER;
    }
    return smtp(to, message, ret_error);
}
