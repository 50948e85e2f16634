// Which handler answers which method and path. A handler cannot be mounted without saying who may call it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace spectacles::http {

using Handler = std::function<Result<Response>(const Request&)>;

// A handler together with the check that comes before it. Rooms that know users make policies of their own from this
// (accounts/guard.h); `name` ("anybody", "signed in", "administrator") is shown in the list of routes.
struct Guarded {
  std::string policy;
  Handler handler;
};

// For what needs no account. Says so where the route is mounted.
Guarded anybody(Handler handler);

class Router {
 public:
  struct Route {
    Method method;
    std::string pattern;
    std::string policy;
  };

  // `pattern` is a path whose segments may be parameters: /api/v1/namespaces/{id}. A fixed segment wins over a
  // parameter. Throws std::logic_error when method and pattern are mounted already.
  void add(Method method, std::string pattern, Guarded guarded);

  // Answers what no route matches, below a prefix: the pages.
  void add_fallback(Handler handler);

  // Runs the handler: HEAD runs that of GET; a path whose method is not mounted is 405 with Allow; an unknown path goes
  // to the fallback or is 404. A refusal becomes a problem. An exception becomes a 500 problem that says only the
  // request's id, and is logged. Never throws.
  Response handle(Request& request) const;

  std::vector<Route> routes() const;

 private:
  struct Mounted {
    Route route;
    std::vector<std::string> segments;
    Handler handler;
  };
  std::vector<Mounted> mounted_;
  Handler fallback_;
};

}  // namespace spectacles::http
