/* application/problem+json: one document for every error.
 *
 * Texts come from the service's describe(). The codes that this server itself
 * raises have texts of their own here, so that no service can forget one. An
 * unknown code becomes BROKEN: nothing internal is shown. Written into the
 * response's buffer, without a JSON tree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "chassis/http/http_internal.h"

struct own_code {
    const char *code;
    int status;
    struct {
        const char *title;
        const char *detail;
    } text[2]; /* zh-TW, English */
};

static const struct own_code own_codes[] = {
    {"BAD_FORM",
     400,
     {{"請求內容不正確", "請依 errors 所列項目修正後再試。"},
      {"The request is not valid", "Correct the items listed in errors."}}},
    {"BAD_FRAMING",
     400,
     {{"請求格式不正確",
       "此請求不符合 HTTP 規範，連線已關閉。網址中的中文須先經百分比編碼。"},
      {"Malformed request",
       "The request is not well-formed HTTP; the connection was closed. "
       "Percent-encode what is not ASCII in the address."}}},
    {"REPEATED_HEADER",
     400,
     {{"標頭重複", "Authorization、Content-Type、Cookie、Idempotency-Key "
                   "等只有一個值的標頭不可重複，連線已關閉。"},
      {"Header repeated",
       "A header that has one value, such as Authorization, Content-Type, "
       "Cookie or Idempotency-Key, was sent twice; the connection was "
       "closed."}}},
    {"BAD_ENCODING",
     400,
     {{"編碼錯誤", "此參數不是正確的 UTF-8 百分比編碼。"},
      {"Bad encoding", "Not percent-encoded UTF-8."}}},
    {"UNKNOWN_PARAMETER",
     400,
     {{"未知的參數", "此處不接受這個參數。"},
      {"Unknown parameter", "This parameter is not known here."}}},
    {"EMPTY_PARAMETER",
     400,
     {{"參數沒有值", "請填入值，或不要送出這個參數。"},
      {"Parameter without a value",
       "Give it a value, or leave the parameter out."}}},
    {"REPEATED_PARAMETER",
     400,
     {{"參數重複", "這個參數只能出現一次。"},
      {"Parameter repeated", "This parameter may be given only once."}}},
    {"BAD_PARAMETER",
     400,
     {{"參數的值不正確", "請改用介面文件所列這個參數可接受的值。"},
      {"Bad parameter value",
       "Use a value that the documentation lists for this parameter."}}},
    {"BODY_MISSING",
     400,
     {{"缺少內容", "請以 JSON 物件送出內容；沒有要填的欄位時，請送出 {}。"},
      {"Body missing",
       "Send a JSON object; {} if there is nothing to fill in."}}},
    {"NOT_JSON",
     400,
     {{"不是 JSON", "內容不是正確的 JSON。"},
      {"Not JSON", "The body is not well-formed JSON."}}},
    {"TOO_DEEP",
     400,
     {{"巢狀過深", "JSON 巢狀層數超過上限。"},
      {"Too deep", "The JSON is nested too deeply."}}},
    {"DUPLICATE_MEMBER",
     400,
     {{"欄位重複", "JSON 物件有重複的欄位。"},
      {"Duplicate member", "An object has the same member twice."}}},
    {"NOT_AN_OBJECT",
     400,
     {{"不是物件", "內容必須是 JSON 物件。"},
      {"Not an object", "The body must be a JSON object."}}},
    {"NOT_FOUND",
     404,
     {{"找不到資料", "此網址沒有對應的資料。"},
      {"Not found", "There is nothing at this address."}}},
    {"METHOD_NOT_ALLOWED",
     405,
     {{"不支援此方法", "可用的方法列於 Allow 標頭。"},
      {"Method not allowed", "The header Allow lists what can be done."}}},
    {"REQUEST_TOO_SLOW",
     408,
     {{"請求逾時", "請求未於期限內送達完畢。"},
      {"Request timed out", "The request was not complete in time."}}},
    {"LENGTH_REQUIRED",
     411,
     {{"缺少內容長度", "請以 Content-Length 標明內容長度，不支援分塊傳輸。"},
      {"Length required",
       "Send the body with Content-Length; chunks are not accepted."}}},
    {"TOO_LARGE",
     413,
     {{"內容過大", "請求內容超過上限。"},
      {"Content too large", "The body is larger than accepted here."}}},
    {"URI_TOO_LONG",
     414,
     {{"網址過長", "網址長度超過 8 KiB。"},
      {"Address too long", "The address is longer than 8 KiB."}}},
    {"UNSUPPORTED_MEDIA_TYPE",
     415,
     {{"不支援此內容格式", "請使用回覆的 Accept 標頭所列格式。"},
      {"Unsupported content type",
       "Use a type that the answer's header Accept lists."}}},
    {"HEADERS_TOO_LARGE",
     431,
     {{"標頭過大", "請求標頭總長超過 8 KiB。"},
      {"Headers too large", "The headers are larger than 8 KiB in all."}}},
    {"BROKEN",
     500,
     {{"系統發生錯誤", "請稍後再試；若持續發生，請提供 traceId。"},
      {"Internal error", "Try again later; if it stays, report the traceId."}}},
    {"UNAVAILABLE",
     503,
     {{"系統忙碌", "目前使用人數較多，請稍候幾秒再試。"},
      {"Busy", "All places are taken at the moment; try again later."}}},
    {"HTTP_VERSION_UNKNOWN",
     505,
     {{"不支援此 HTTP 版本", "請使用 HTTP/1.1。"},
      {"HTTP version not supported", "Use HTTP/1.1."}}},
};

static struct http_code_text
own_text(const char *code, bool english)
{
    for (size_t i = 0; i < COUNT_OF(own_codes); i++) {
        const struct own_code *own = &own_codes[i];
        if (strcmp(own->code, code) == 0)
            return (struct http_code_text){own->status,
                                           own->text[english].title,
                                           own->text[english].detail};
    }
    return (struct http_code_text){0};
}

struct http_code_text
http_code_describe(http_describe *describe, const char *code, bool english)
{
    struct http_code_text text = {0};

    if (describe != NULL)
        text = describe(code, english);
    if (text.status == 0 || text.title == NULL)
        text = own_text(code, english);
    return text;
}

/* --- language ----------------------------------------------------------- */

/* "q=0.8" after a language, in thousandths; 1000 without it, 0 when it is
 * none. */
static int
weight_of(const char *item, size_t size)
{
    size_t at = 0;
    while (at < size && strncasecmp(item + at, "q=", 2) != 0)
        at++;
    if (at == size)
        return 1000;

    const char *text = item + at + 2;
    if (text[0] != '0')
        return text[0] == '1' ? 1000 : 0;
    int weight = 0;
    int unit = 100;
    for (text += 1 + (text[1] == '.'); *text >= '0' && *text <= '9'; text++) {
        weight += (*text - '0') * unit;
        unit /= 10;
    }
    return weight;
}

bool
http_wants_english(const char *accept_language)
{
    int english = 0;
    int chinese = 0;

    if (accept_language == NULL)
        return false;
    for (const char *item = accept_language; *item != '\0';) {
        item += strspn(item, " \t,");
        size_t size = strcspn(item, ",");
        int weight = weight_of(item, size);
        bool other = size > 2 && strchr("-; \t", item[2]) == NULL;
        if (size >= 2 && !other && strncasecmp(item, "en", 2) == 0)
            english = weight > english ? weight : english;
        else if (size >= 2 && !other && strncasecmp(item, "zh", 2) == 0)
            chinese = weight > chinese ? weight : chinese;
        item += size;
    }
    return english > chinese;
}

/* --- the document ------------------------------------------------------- */

static void
add_member(struct bytes *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    bytes_add_text(out, ",\"");
    bytes_add_text(out, name);
    bytes_add_text(out, "\":");
    bytes_add_json(out, value);
}

static void
add_errors(struct bytes *out, http_describe *describe,
           const struct problem *problem)
{
    if (problem->error_count == 0)
        return;
    bytes_add_text(out, ",\"errors\":[");
    for (size_t i = 0; i < problem->error_count; i++) {
        const struct http_error *error = &problem->errors[i];
        const char *detail = error->detail;
        if (detail == NULL && error->code != NULL) {
            struct http_code_text text =
                http_code_describe(describe, error->code, problem->english);
            detail = text.detail != NULL ? text.detail : text.title;
        }
        bytes_add_text(out, i > 0 ? ",{\"pointer\":" : "{\"pointer\":");
        bytes_add_json(out, error->pointer);
        add_member(out, "code", error->code);
        add_member(out, "detail", detail);
        bytes_add_char(out, '}');
    }
    bytes_add_char(out, ']');
}

static int
add_dump(const char *data, size_t size, void *out)
{
    bytes_add(out, data, size);
    return 0;
}

static void
add_extra(struct bytes *out, json_t *extra)
{
    const char *name;
    json_t *value;

    json_object_foreach(extra, name, value)
    {
        bytes_add_char(out, ',');
        bytes_add_json(out, name);
        bytes_add_char(out, ':');
        json_dump_callback(value, add_dump, out,
                           JSON_COMPACT | JSON_ENCODE_ANY);
    }
}

int
problem_write(struct bytes *out, http_describe *describe,
              const struct problem *problem)
{
    const char *code = problem->code;
    struct http_code_text text =
        http_code_describe(describe, code, problem->english);
    if (text.status == 0 || text.title == NULL) {
        code = "BROKEN";
        text = http_code_describe(describe, code, problem->english);
    }

    bytes_add_text(out, "{\"type\":\"/problems/");
    bytes_add_text(out, code);
    bytes_add_char(out, '"');
    add_member(out, "code", code);
    add_member(out, "title", text.title);
    add_member(out, "detail", text.detail);
    bytes_printf(out, ",\"status\":%d", text.status);
    add_errors(out, describe, problem);
    add_member(out, "traceId", problem->trace_id);
    if (problem->extra != NULL)
        add_extra(out, problem->extra);
    bytes_add_char(out, '}');
    return text.status;
}

void
http_problem_with(const struct http_request *request,
                  struct http_response *response, const char *code,
                  const struct http_error *errors, size_t error_count,
                  json_t *extra)
{
    const struct http_exchange *exchange = request->internal;
    struct problem problem = {
        .code = code,
        .trace_id = request->trace_id,
        .errors = errors,
        .error_count =
            error_count < HTTP_ERRORS_MAX ? error_count : HTTP_ERRORS_MAX,
        .extra = extra,
        .english =
            http_wants_english(http_header_list(request, "Accept-Language")),
    };

    bytes_clear(&response->body);
    response->status = problem_write(
        &response->body, exchange->server->options.describe, &problem);
    response->content_type = "application/problem+json";
    http_set_header(response, "Content-Language",
                    problem.english ? "en" : "zh-TW");
}

void
http_problem(const struct http_request *request, struct http_response *response,
             const char *code, const struct http_error *errors,
             size_t error_count)
{
    http_problem_with(request, response, code, errors, error_count, NULL);
}
