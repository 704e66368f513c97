/* Titles, stages, subjects and named sets of titles, as Taiwan's schools and
 * kindergartens use them. Read by the founding of the platform (T14); lists
 * refer to ADMINISTRATIVE_STAFF for the letter's counts (T8).
 */
#include "gateway/data/code_tables.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* clang-format off */
static const struct code_seed titles[] = {
    {"PRINCIPAL", "校長", "Principal", NULL},
    {"KINDERGARTEN_DIRECTOR", "園長", "Kindergarten director", NULL},
    {"DIRECTOR", "教師兼主任", "Teacher and director", NULL},
    {"SECTION_CHIEF", "教師兼組長", "Teacher and section chief", NULL},
    {"HOMEROOM_TEACHER", "導師", "Homeroom teacher", NULL},
    {"TEACHER", "專任教師", "Teacher", NULL},
    {"SPECIAL_EDUCATION_TEACHER", "特殊教育教師", "Special education teacher", NULL},
    {"GUIDANCE_TEACHER", "專任輔導教師", "Guidance teacher", NULL},
    {"LANGUAGE_TEACHER", "本土語文教師", "Teacher of native languages", NULL},
    {"FOREIGN_TEACHER", "外籍教師", "Foreign teacher", NULL},
    {"SUBSTITUTE_TEACHER", "代理教師", "Substitute teacher", NULL},
    {"HOURLY_TEACHER", "代課或兼任教師", "Hourly or part-time teacher", NULL},
    {"SUPPORT_TEACHER", "教學支援工作人員", "Teaching support staff", NULL},
    {"MILITARY_INSTRUCTOR", "軍訓教官", "Military instructor", NULL},
    {"COACH", "專任運動教練", "Full-time coach", NULL},
    {"EDUCARE_GIVER", "教保員", "Educare giver", NULL},
    {"ASSISTANT_EDUCARE_GIVER", "助理教保員", "Assistant educare giver", NULL},
    {"TEACHER_ASSISTANT", "教師助理員", "Teacher assistant", NULL},
    {"SOCIAL_WORKER", "專業輔導人員", "Counselling professional", NULL},
    {"SECRETARY", "秘書", "Secretary", NULL},
    {"CLERK", "職員", "Clerk", NULL},
    {"ACCOUNTANT", "主計人員", "Accountant", NULL},
    {"PERSONNEL_OFFICER", "人事人員", "Personnel officer", NULL},
    {"NURSE", "護理師", "Nurse", NULL},
    {"LIBRARIAN", "圖書館人員", "Librarian", NULL},
};

static const struct code_seed stages[] = {
    {"KINDERGARTEN", "幼兒園", "Kindergarten", NULL},
    {"PRIMARY", "國民小學", "Primary school", NULL},
    {"JUNIOR_HIGH", "國民中學", "Junior high school", NULL},
    {"SENIOR_HIGH", "普通型高級中等學校", "Senior high school", NULL},
    {"VOCATIONAL_HIGH", "技術型高級中等學校", "Vocational high school", NULL},
    {"COMPREHENSIVE_HIGH", "綜合型高級中等學校", "Comprehensive high school", NULL},
    {"SPECIAL", "特殊教育", "Special education", NULL},
};

static const struct code_seed subjects[] = {
    {"CHINESE", "國語文", "Chinese", NULL},
    {"ENGLISH", "英語文", "English", NULL},
    {"TAIWANESE", "閩南語文", "Taiwanese Hokkien", NULL},
    {"HAKKA", "客語文", "Hakka", NULL},
    {"INDIGENOUS", "原住民族語文", "Indigenous languages", NULL},
    {"NEW_RESIDENT", "新住民語文", "New residents' languages", NULL},
    {"SIGN_LANGUAGE", "臺灣手語", "Taiwan Sign Language", NULL},
    {"SECOND_FOREIGN", "第二外國語文", "Second foreign language", NULL},
    {"MATHEMATICS", "數學", "Mathematics", NULL},
    {"LIFE", "生活課程", "Life curriculum", NULL},
    {"SCIENCE", "自然科學", "Natural sciences", NULL},
    {"BIOLOGY", "生物", "Biology", NULL},
    {"PHYSICS", "物理", "Physics", NULL},
    {"CHEMISTRY", "化學", "Chemistry", NULL},
    {"EARTH_SCIENCE", "地球科學", "Earth science", NULL},
    {"SOCIAL_STUDIES", "社會", "Social studies", NULL},
    {"HISTORY", "歷史", "History", NULL},
    {"GEOGRAPHY", "地理", "Geography", NULL},
    {"CIVICS", "公民與社會", "Civics and society", NULL},
    {"MUSIC", "音樂", "Music", NULL},
    {"VISUAL_ARTS", "視覺藝術", "Visual arts", NULL},
    {"PERFORMING_ARTS", "表演藝術", "Performing arts", NULL},
    {"FINE_ARTS", "美術", "Fine arts", NULL},
    {"INTEGRATIVE", "綜合活動", "Integrative activities", NULL},
    {"GUIDANCE", "輔導", "Guidance", NULL},
    {"SCOUTING", "童軍", "Scouting", NULL},
    {"HOME_ECONOMICS", "家政", "Home economics", NULL},
    {"CAREER", "生涯規劃", "Career planning", NULL},
    {"LIFE_TECHNOLOGY", "生活科技", "Living technology", NULL},
    {"INFORMATION", "資訊科技", "Information technology", NULL},
    {"HEALTH", "健康教育", "Health education", NULL},
    {"PHYSICAL_EDUCATION", "體育", "Physical education", NULL},
    {"DEFENCE", "全民國防教育", "All-out defence education", NULL},
    {"VOCATIONAL", "專業群科", "Vocational subjects", NULL},
    {"SPECIAL_NEEDS", "特殊需求領域", "Special needs", NULL},
    {"EARLY_CHILDHOOD", "幼兒教保", "Early childhood education", NULL},
    {"ALTERNATIVE", "彈性學習課程", "Alternative learning", NULL},
};

static const struct code_seed title_sets[] = {
    {"TEACHING_STAFF", "教學人員", "Teaching staff",
     "PRINCIPAL KINDERGARTEN_DIRECTOR DIRECTOR SECTION_CHIEF HOMEROOM_TEACHER "
     "TEACHER SPECIAL_EDUCATION_TEACHER GUIDANCE_TEACHER LANGUAGE_TEACHER "
     "FOREIGN_TEACHER SUBSTITUTE_TEACHER HOURLY_TEACHER SUPPORT_TEACHER "
     "MILITARY_INSTRUCTOR COACH EDUCARE_GIVER ASSISTANT_EDUCARE_GIVER"},
    {"ADMINISTRATIVE_STAFF", "行政人員", "Administrative staff",
     "TEACHER_ASSISTANT SOCIAL_WORKER SECRETARY CLERK ACCOUNTANT "
     "PERSONNEL_OFFICER NURSE LIBRARIAN"},
    {"JOINT_SUPERVISION", "統合視導", "Joint supervision",
     "PRINCIPAL KINDERGARTEN_DIRECTOR DIRECTOR SECTION_CHIEF HOMEROOM_TEACHER "
     "TEACHER SPECIAL_EDUCATION_TEACHER GUIDANCE_TEACHER"},
};
/* clang-format on */

const struct code_table_seed code_table_seeds[] = {
    {"title", titles, COUNT(titles)},
    {"stage", stages, COUNT(stages)},
    {"subject", subjects, COUNT(subjects)},
    {"title_set", title_sets, COUNT(title_sets)},
    {0},
};
