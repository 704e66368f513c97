/* Fuzzer of JSON bodies, read as the handlers read them. Whatever comes, a
 * field that was read is a text in its stored form within its limits. Where the
 * form does not close, the answer is one problem document, JSON, with status
 * 400 and at least one fault named by pointer.
 */
#include "chassis/http/http_internal.h"

#include "rules/role.h"
#include "rules/text.h"

#include "gateway/request/form.h"

#include "tests/fuzz/fuzz.h"

static void
insist_problem(const struct http_response *response)
{
    json_t *json = json_loadb(response->body.data, response->body.size,
                              JSON_REJECT_DUPLICATES, NULL);

    insist(response->status == 400 && json != NULL);
    insist(json_array_size(json_object_get(json, "errors")) > 0);
    json_decref(json);
}

static void
insist_field(const char *text, size_t min, size_t max)
{
    insist(text_is_stored(text, min, max));
}

static bool
read_form(struct http_request *request, struct http_response *response)
{
    struct form form;

    form_open(&form, request);
    const char *name = form_text(&form, "n", 1, 20);
    const char *note = form_text(&form, "t", 0, 8);
    const char *code = form_narrow(&form, "c", 0, 8);
    const char *secret = form_secret(&form, "s", 16);
    int role = form_word(&form, "w", &role_words, false);
    int64_t number = form_int(&form, "i", -5, 5, 0);
    (void)form_bool(&form, "b", true);
    if (!form_close(&form, response))
        return false;
    insist_field(name, 1, 20);
    insist_field(note, 0, 8);
    insist_field(code, 0, 8);
    insist(strlen(code) <= 8);
    insist(strlen(secret) > 0 && text_fits(secret, 16));
    insist(role == 0 || word_name(&role_words, role) != NULL);
    insist(number >= -5 && number <= 5);
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *arena = arena_new(0);
    struct http_server server = {.port = 0};
    struct http_connection connection = {.server = &server};
    struct http_exchange exchange = {
        .server = &server,
        .connection = &connection,
    };
    struct http_request request = {
        .body = data,
        .body_size = n,
        .arena = arena,
        .internal = &exchange,
    };
    struct http_response response = {.arena = arena, .internal = &exchange};

    exchange.request = &request;
    if (!read_form(&request, &response))
        insist_problem(&response);
    json_decref(exchange.json);
    bytes_free(&response.body);
    arena_free(arena);
    return 0;
}
