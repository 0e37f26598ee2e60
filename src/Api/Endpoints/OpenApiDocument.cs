using System.Globalization;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace BoxOffice.Api.Endpoints;

/// <summary>What the OpenAPI document has beside the endpoints' own metadata.</summary>
internal static class OpenApiDocument
{
    private const string SchemeName = "token";

    public static void AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi(openApi =>
    {
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "BoxOffice",
                Version = "v1",
                Description = "Reserves tickets for a crowd that arrives in one second. "
                    + "Where calls are limited for each address, any may be answered 429.",
            };
            document.Servers = []; // the address is the operator's
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [SchemeName] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = TokenAuthentication.Header,
                    Description = "The accessToken of POST /member/login. Authorization: Bearer is equal.",
                },
            };
            return Task.CompletedTask;
        });
        openApi.AddOperationTransformer(async (operation, context, stop) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            var needsToken = metadata.OfType<IAuthorizeData>().Any();
            if (needsToken)
                operation.Security =
                    [new() { [new OpenApiSecuritySchemeReference(SchemeName, context.Document)] = [] }];
            context.Document!.AddComponent(
                nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), null, stop));
            int[] ofBody = operation.RequestBody is null ? [] : [400, 413, 415];
            var statuses = metadata.OfType<PossibleProblems>()
                .SelectMany(problems => problems.Statuses)
                .Concat(needsToken ? [401] : [])
                .Concat(ofBody);
            foreach (var status in statuses.Order())
            {
                var response = new OpenApiResponse
                {
                    Description = "Refused: see code, terminal and outcome.",
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [Problem.MediaType] = new()
                        { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
                    },
                };
                if (status is 429 or 503) AddHeader(response, "Retry-After", "When to try again, in seconds.");
                (operation.Responses ??= [])[status.ToString(CultureInfo.InvariantCulture)] = response;
            }
            foreach (var header in metadata.OfType<ResponseHeader>())
            {
                foreach (var (status, response) in operation.Responses ?? [])
                {
                    if ((header.Status is null || header.Status == status) && response is OpenApiResponse answer)
                        AddHeader(answer, header.Name, header.Description);
                }
            }
            foreach (var header in metadata.OfType<RequestHeader>())
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = header.Name,
                    In = ParameterLocation.Header,
                    Description = header.Description,
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        MinLength = 1,
                        MaxLength = header.LengthMax,
                    },
                });
            }
        });
    });

    /// <summary>
    /// Documents the problems that an endpoint may answer; 401, and 400, 413 and 415 where there is a body, need no
    /// mention.
    /// </summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new PossibleProblems(statuses));

    private static void AddHeader(OpenApiResponse response, string name, string description) =>
        (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] =
            new OpenApiHeader
            {
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };

    private sealed record PossibleProblems(int[] Statuses);
}

/// <summary>Documents an optional header that an endpoint reads.</summary>
internal sealed record RequestHeader(string Name, string Description, int LengthMax);

/// <summary>Documents a header of an endpoint's answers; of all, or of those with one status.</summary>
internal sealed record ResponseHeader(string Name, string Description, string? Status = null);
