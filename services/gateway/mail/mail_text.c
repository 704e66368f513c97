/* The texts of mails: plain, friendly, with the next step. Pure.
 *
 * Called by the mail thread with the new token or code. Mentions no other
 * person and asks only for what the receiver wanted. A receiver who did not
 * want it reads that they may ignore it. */
#include "chassis/base/clock.h"

#include "rules/day.h"

#include "gateway/mail/mail.h"

static const struct {
    const char *subject;
    const char *intro; /* one paragraph */
    const char *todo;  /* in front of the link or code */
} letters[] = {
    [MAIL_ACTIVATE] =
        {"全教網帳號開通通知",
         "您的全教網帳號已經啟用。請在期限內設定密碼，完成開通後就能登入。",
         "請點選下列連結設定密碼："},
    [MAIL_RESET_TOTP] = {"全教網帳號重新設定通知",
                         "貴單位的審核人員已為您重設登入驗證。"
                         "請在期限內重新設定密碼，完成後即可登入。",
                         "請點選下列連結重新設定："},
    [MAIL_VERIFICATION] =
        {"全教網電子郵件驗證碼",
         "有人正以這個電子郵件信箱申請全教網帳號。若是您本人，"
         "請於申請頁面輸入下列驗證碼。",
         "您的驗證碼："},
    [MAIL_LOCKED] =
        {"全教網帳號登入提醒",
         "有人多次以錯誤的密碼嘗試登入您的帳號。為保護帳號，"
         "系統已暫停來自該處的登入。您的密碼沒有變更。",
         "若是您本人輸入錯誤，請於下列時間之後再試。若不是您本人，"
         "請勿將密碼告訴他人；如有疑問，請洽貴單位的帳號管理人員。"},
};

const char *
mail_subject(enum mail_purpose purpose)
{
    return letters[purpose].subject;
}

static void
add_account(const struct mail_letter *letter, struct bytes *out)
{
    if (letter->organization[0] != '\0')
        bytes_printf(out, "單位：%s\n", letter->organization);
    if (letter->login[0] != '\0')
        bytes_printf(out, "帳號名稱：%s\n", letter->login);
    if (letter->organization[0] != '\0' || letter->login[0] != '\0')
        bytes_add_char(out, '\n');
}

/* "2026-08-01 09:30" in Taiwan. */
static void
add_time(const char *name, int64_t at, struct bytes *out)
{
    char day[DAY_TEXT];
    int64_t since = at - day_start(day_of(at));
    int minutes = (int)(since / SECONDS(60));

    bytes_printf(out, "%s：%s %02d:%02d（臺灣時間）\n", name,
                 day_text(day_of(at), day), minutes / 60, minutes % 60);
}

static void
add_ticket(const struct mail_letter *letter, struct bytes *out)
{
    /* After the #: a browser does not send this part, so no log has it. */
    bytes_printf(out,
                 "    %s/activate#%s\n\n"
                 "若連結無法開啟，請於登入頁選擇「開通帳號」，"
                 "輸入以下開通碼：\n\n    %s\n\n",
                 letter->public_url, letter->secret, letter->secret);
    add_time("期限", letter->valid_until, out);
    bytes_add_text(out, "連結只能使用一次。若已逾期，"
                        "請洽貴單位的帳號管理人員重新發送。\n");
}

static void
add_code(const struct mail_letter *letter, struct bytes *out)
{
    bytes_printf(out, "    %s\n\n", letter->secret);
    add_time("期限", letter->valid_until, out);
    bytes_add_text(out, "若您沒有提出申請，請不必理會這封信，"
                        "也請勿將驗證碼告訴他人。\n");
}

static void
add_lock(const struct mail_letter *letter, struct bytes *out)
{
    add_time("恢復時間", letter->valid_until, out);
}

void
mail_text(const struct mail_letter *letter, struct bytes *out)
{
    static void (*const add_rest[])(const struct mail_letter *,
                                    struct bytes *) = {
        [MAIL_ACTIVATE] = add_ticket,
        [MAIL_RESET_TOTP] = add_ticket,
        [MAIL_VERIFICATION] = add_code,
        [MAIL_LOCKED] = add_lock,
    };

    if (letter->name[0] != '\0')
        bytes_printf(out, "%s 您好：\n\n", letter->name);
    else
        bytes_add_text(out, "您好：\n\n");
    bytes_printf(out, "%s\n\n", letters[letter->purpose].intro);
    add_account(letter, out);
    bytes_printf(out, "%s\n\n", letters[letter->purpose].todo);
    add_rest[letter->purpose](letter, out);
    bytes_add_text(out, "\n全國教師在職進修資訊網\n"
                        "（本信由系統自動寄出，請勿直接回覆。）\n");
}
