/* What people read: plain, friendly, and what to do next. Pure.
 *
 * Called by the mail thread with the token or code just made. Says nothing of
 * other people and asks for nothing but what the receiver wanted himself; a
 * receiver who did not want it learns that he may leave it.
 */
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
add_until(int64_t at, struct bytes *out)
{
    char day[DAY_TEXT];
    int64_t since = at - day_start(day_of(at));
    int minutes = (int)(since / SECONDS(60));

    bytes_printf(out, "期限：%s %02d:%02d（臺灣時間）\n",
                 day_text(day_of(at), day), minutes / 60, minutes % 60);
}

void
mail_text(const struct mail_letter *letter, struct bytes *out)
{
    bool ticket = letter->purpose != MAIL_VERIFICATION;

    if (letter->name[0] != '\0')
        bytes_printf(out, "%s 您好：\n\n", letter->name);
    else
        bytes_add_text(out, "您好：\n\n");
    bytes_printf(out, "%s\n\n", letters[letter->purpose].intro);
    add_account(letter, out);
    bytes_printf(out, "%s\n\n", letters[letter->purpose].todo);
    /* Behind the #: a browser keeps it to itself, no log has it. */
    if (ticket)
        bytes_printf(out,
                     "    %s/activate#%s\n\n"
                     "若連結無法開啟，請於登入頁選擇「開通帳號」，"
                     "輸入以下憑證：\n\n    %s\n\n",
                     letter->public_url, letter->secret, letter->secret);
    else
        bytes_printf(out, "    %s\n\n", letter->secret);
    add_until(letter->valid_until, out);
    if (ticket)
        bytes_add_text(out, "連結只能使用一次。若已逾期，"
                            "請洽貴單位的帳號管理人員重新發送。\n");
    else
        bytes_add_text(out, "若您沒有提出申請，請不必理會這封信，"
                            "也請勿將驗證碼告訴他人。\n");
    bytes_add_text(out, "\n全國教師在職進修資訊網\n"
                        "（本信由系統自動寄出，請勿直接回覆。）\n");
}
