// libpq as Swift sees it: everything is imported as it is.
#pragma once

#include <postgresql/libpq-fe.h>
