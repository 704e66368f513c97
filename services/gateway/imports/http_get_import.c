/* http_get_import: route 75, an import and the state of its rows.
 *
 * Shown at the unit that made it, to officers who may make such an import.
 */
#include "gateway/routes.h"

#include "gateway/imports/import.h"

void
http_get_import(struct http_request *request, struct http_response *response)
{
    CLEANUP(import_view_clear) struct import_view view;

    if (import_view_read(request, response, &view))
        import_view_answer(request, response, &view, 200);
}
