using Microsoft.OpenApi;

namespace BoxOffice.Api.Endpoints;

/// <summary>What the OpenAPI document has beside the endpoints' own metadata.</summary>
internal static class OpenApiDocument
{
    /// <summary>The document's name, and its version of the contract.</summary>
    public const string Name = "v1";

    private static readonly (string Name, string Text)[] Tags =
    [
        ("Members", "Sign up, log in."),
        ("Tickets", "See events, reserve tickets, confirm or cancel."),
        ("Operators", "Open and change events, see how a sale goes, rehearse it. Needs an operator's token."),
        ("Health", "For load balancers and monitors."),
    ];

    public static void AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, openApi =>
    {
        openApi.CreateSchemaReferenceId = OpenApiSchemas.NameOf;
        openApi.AddSchemaTransformer(OpenApiSchemas.CompleteAsync);
        openApi.AddOperationTransformer(OpenApiOperations.CompleteAsync);
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            Complete(document);
            return Task.CompletedTask;
        });
    });

    /// <summary>
    /// Documents the problems that an endpoint may answer; 401, and 400, 413 and 415 where there is a body, need no
    /// mention.
    /// </summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new PossibleProblems(statuses));

    private static void Complete(Microsoft.OpenApi.OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "BoxOffice",
            Version = Name,
            Description = "Reserves tickets for a crowd that arrives in one second. Success is `{\"data\": …}`; each "
                + "other answer is a `Problem` (RFC 9457) with a stable `code`, and tells whether a retry makes sense "
                + "(`terminal`, `retryAfterMs`) and whether the call may have had an effect (`outcome`). Times are "
                + "RFC 3339 in UTC.\n\n"
                + "What is not HTTP is no problem of this form: the server itself answers a malformed "
                + "request 400, one that takes too long 408, too long an address 414, headers that are too large 431, "
                + "and another version of HTTP 505, without a body. Take those as final, and an answer of a proxy in "
                + "between by its status.",
            Contact = new() { Name = "The operator of this server" },
            License = new() { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new() { Url = "/", Description = "The server that this document comes from." }];
        document.Tags = new HashSet<OpenApiTag>(
            Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Text }));
        document.Components ??= new();
        document.Components.SecuritySchemes = OpenApiSecurity.Schemes();
    }
}

/// <summary>Statuses of problems that an endpoint may answer.</summary>
internal sealed record PossibleProblems(int[] Statuses);

/// <summary>Documents an optional header that an endpoint reads.</summary>
internal sealed record RequestHeader(string Name, string Description, int LengthMax);

/// <summary>Documents a header of an endpoint's answers; of all, or of those with one status.</summary>
internal sealed record ResponseHeader(string Name, string Description, string? Status = null);
