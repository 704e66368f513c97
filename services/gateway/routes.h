/* The handlers behind the route table, one a route; each lives in a file of its
 * own name, in the folder of its subject. Only routes.c and tests include this.
 */
#pragma once

#include "chassis/http/http.h"

/* organizations/ */
http_handler http_get_organizations; /* 1 */
http_handler http_get_organization;  /* 2 */
/* identity/, applications/ */
http_handler http_post_email_verifications;   /* 10 */
http_handler http_confirm_email_verification; /* 11 */
http_handler http_post_application;           /* 12 */
http_handler http_get_applications;           /* 13 */
http_handler http_get_application;            /* 14 */
http_handler http_close_application;          /* 15 */
http_handler http_enable_application;         /* 16 */
/* accounts/ */
http_handler http_get_business_accounts;    /* 17 */
http_handler http_get_business_account;     /* 18 */
http_handler http_enable_business_account;  /* 20 */
http_handler http_disable_business_account; /* 21 */
http_handler http_delete_business_account;  /* 22 */
http_handler http_get_open_courses;         /* 23 */
http_handler http_post_credential_tickets;  /* 26 */
http_handler http_post_teacher_account;     /* 27 */
http_handler http_get_teacher_account;      /* 28 */
http_handler http_post_teacher_ticket;      /* 31 */
/* teachers/ */
http_handler http_get_teachers;    /* 32 */
http_handler http_look_up_teacher; /* 33 */
http_handler http_post_teacher;    /* 34 */
http_handler http_get_teacher;     /* 35 */
http_handler http_patch_teacher;   /* 36 */
http_handler http_leave_school;    /* 37 */
http_handler http_get_moves;       /* 38 */
http_handler http_undo_move;       /* 39 */
/* accounts/, sessions/ */
http_handler http_get_me;         /* 47 */
http_handler http_post_sessions;  /* 55 */
http_handler http_delete_session; /* 58 */
http_handler http_redeem_ticket;  /* 60 */
http_handler http_get_tasks;      /* 70 */
/* operations/, imports/ */
http_handler http_get_operations;            /* 71 */
http_handler http_get_operation;             /* 72 */
http_handler import_admit, http_post_import; /* 73 */
http_handler http_get_import;                /* 75 */
http_handler http_get_import_rows;           /* 76 */
http_handler http_commit_import;             /* 77 */
/* accounts/ */
http_handler http_get_directory;   /* 83 */
http_handler http_get_code_tables; /* 84 */
http_handler http_get_code_table;  /* 85 */

/* What machines ask: no number, no sign-in. */
http_handler http_get_openapi;
http_handler http_get_api_catalog;

/* Whether handlers' rows and the rules' rows are the same routes, method and
 * path; false with the first difference (256 bytes). Asked at start. */
bool routes_agree(char ret_error[256]);
/* Host command `routes`: number, method, path, query parameters, demands; a
 * route a line, tab-separated. */
int routes_print(int argc, char **argv);
