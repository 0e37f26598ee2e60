using System.Globalization;
using System.Text.Json.Nodes;
using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BoxOffice.Api.Endpoints;

/// <summary>Calls as the document describes them: names, texts, headers, and the codes of every refusal.</summary>
internal static class OpenApiOperations
{
    private const string CodeSchema = "ProblemCode";
    private const string OtherStatus = "default";

    private static readonly string[] Streams = ["text/event-stream", "application/x-ndjson", "text/csv", "text/html"];

    /// <summary>Completes what the framework has made from an endpoint.</summary>
    public static async Task CompleteAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var text = OperationText.Of(context.Description.HttpMethod ?? "", context.Description.RelativePath ?? "");
        operation.OperationId = text.Id;
        operation.Description = text.Description;
        IAuthorizeData[] rules =
            metadata.OfType<IAllowAnonymous>().Any() ? [] : [.. metadata.OfType<IAuthorizeData>()];
        operation.Security = OpenApiSecurity.Of(rules, context.Document);
        AddParameters(operation, metadata.OfType<RequestHeader>(), text);
        MarkStreams(operation);

        var problem = await ProblemAsync(context, stop);
        int[] ofToken = rules.Length == 0 ? [] : [401];
        int[] ofBody = operation.RequestBody is null ? [] : [400, 413, 415];
        var statuses = metadata.OfType<PossibleProblems>().SelectMany(problems => problems.Statuses);
        AddProblems(operation, problem, text.CodesBy([.. statuses, .. ofToken, .. ofBody]));
        AddHeaders(operation, metadata.OfType<ResponseHeader>());
    }

    private static async Task<OpenApiSchemaReference> ProblemAsync(
        OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(CodeSchema) != true)
        {
            document.AddComponent(CodeSchema, OpenApiSchemas.Codes());
            var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, stop);
            problem.Properties!["code"] = new OpenApiSchemaReference(CodeSchema, document);
            document.AddComponent(nameof(Problem), problem);
        }
        return new(nameof(Problem), document);
    }

    private static void AddParameters(
        OpenApiOperation operation, IEnumerable<RequestHeader> headers, OperationText text)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Description ??= text.DescriptionOf(parameter.Name!);
            if (parameter is { Name: "format", Schema: OpenApiSchema schema }) schema.Enum = ["json", "csv"];
        }
        foreach (var header in headers)
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
    }

    /// <summary>A client reads a stream by itself: it is no single JSON value.</summary>
    private static void MarkStreams(OpenApiOperation operation)
    {
        foreach (var response in (operation.Responses ?? []).Values)
        {
            foreach (var (mediaType, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                if (!Streams.Contains(mediaType)) continue;
                if (content.Schema is OpenApiSchemaReference { Reference.Id: { } item } && mediaType != "text/csv")
                {
                    content.AddExtension("x-item-schema", new JsonNodeExtension(
                        new JsonObject { ["$ref"] = $"#/components/schemas/{item}" }));
                }
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            }
        }
    }

    private static void AddProblems(
        OpenApiOperation operation, OpenApiSchemaReference problem, SortedDictionary<int, ProblemCode[]> codesByStatus)
    {
        var responses = operation.Responses ??= [];
        foreach (var (status, codes) in codesByStatus)
        {
            var lines = codes.Select(code => $"- `{code.Code}`: {code.Meaning}{(code.IsTerminal ? " Final." : "")}");
            var response = Refusal(problem, "Refused.\n\n" + string.Join('\n', lines));
            responses[status.ToString(CultureInfo.InvariantCulture)] = response;
            if (codes.Any(code => !code.IsTerminal))
            {
                Add(response, new("Retry-After", "When to try again, in whole seconds. `retryAfterMs` is more exact."),
                    JsonSchemaType.Integer);
            }
        }
        responses[OtherStatus] = Refusal(problem, "Any other refusal, in the same form: `INTERNAL_ERROR`, and "
            + "`RATE_LIMITED` where calls are limited for each address.");
    }

    private static OpenApiResponse Refusal(OpenApiSchemaReference problem, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new() { Schema = problem } },
    };

    private static void AddHeaders(OpenApiOperation operation, IEnumerable<ResponseHeader> headers)
    {
        foreach (var header in headers)
        {
            foreach (var (status, response) in operation.Responses ?? [])
            {
                var isMeant = header.Status is null ? status != OtherStatus : header.Status == status;
                if (isMeant && response is OpenApiResponse answer) Add(answer, header, JsonSchemaType.String);
            }
        }
    }

    private static void Add(OpenApiResponse response, ResponseHeader header, JsonSchemaType type) =>
        (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] = new OpenApiHeader
        {
            Description = header.Description,
            Schema = new OpenApiSchema { Type = type },
        };
}
