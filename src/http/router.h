// Which handler answers which method and path. A handler cannot be mounted without saying who may call it.
#pragma once

#include <functional>
#include <map>
#include <memory>
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
  bool is_quick = false;
};

// For what needs no account. Says so where the route is mounted.
Guarded anybody(Handler handler);

// For a handler that is usually done in some microseconds. It is called on the thread that read the request, where it
// must not wait; when it meets something that would (base/waiting.h) it is called again on a worker, so until then it
// must change nothing.
Guarded quick(Guarded guarded);

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

  // Answers GET and HEAD of what no route matches: the pages. Not below /api/, where an unknown path is 404.
  void add_fallback(Handler handler);

  // Runs the handler: HEAD runs that of GET; a path whose method is not mounted is 405 with Allow, or 204 with Allow
  // for OPTIONS; an unknown path goes to the fallback or is 404. A request that a page of another site sent is 403
  // (http/same_origin.h). A refusal becomes a problem. An exception becomes a 500 problem that says only the request's
  // id, and is logged. Throws nothing but WouldWait (base/waiting.h).
  Response handle(Request& request) const;

  // Whether handle() would run a handler that is quick.
  bool is_quick(const Request& request) const;

  // In the order in which they were mounted.
  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Mounted {
    Handler handler;
    std::vector<std::string> parameters;  // the names of the parameters, as this route calls them
    bool is_quick = false;
  };
  // One segment of the paths that are mounted.
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> parameter;
    std::map<Method, Mounted> methods;
  };

  static const Mounted* find_method(const Node& node, Method method);
  static const Node* find(const Node& node, std::string_view path, std::vector<std::string_view>& values);
  Result<Response> dispatch(Request& request) const;
  Result<Response> answer_unknown(const Request& request) const;

  Node root_;
  std::vector<Route> routes_;
  Handler fallback_;
};

}  // namespace spectacles::http
