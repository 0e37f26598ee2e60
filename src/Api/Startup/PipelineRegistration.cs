using BoxOffice.Api.Contracts;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Startup;

/// <summary>
/// The HTTP pipeline without anything to sell: listener, identity, problems and JSON. <c>bench/Peers</c> has the same
/// one.
/// </summary>
internal static class PipelineRegistration
{
    /// <summary>Adds the pipeline's services, without the keys of tokens.</summary>
    public static ApiOptions AddHttpPipeline(this WebApplicationBuilder builder)
    {
        var options = StartupConfiguration.Read<ApiOptions>(builder.Configuration, BoxOfficeOptions.Section);
        builder.Services.AddSingleton(Options.Create(options));
        builder.AddListener(options);
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        builder.Services.AddIdentity();
        // In every environment: the exception handler then says what is wrong with a request.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        return options;
    }

    /// <summary>Answers exceptions and bare statuses as problems, and checks tokens.</summary>
    public static void UseHttpPipeline(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(async page =>
            await Problems.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext));
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Adds the keys of tokens: the configured ones, or else the one that the store keeps.</summary>
    public static void AddTokenKeys(this WebApplicationBuilder builder, string? kept)
    {
        var options = StartupConfiguration.Read<ApiOptions>(builder.Configuration, BoxOfficeOptions.Section);
        var key = options.TokenKey ?? kept ?? throw new StartupException(
            "BoxOffice__TokenKey is not set: all front-ends of a cluster need the same key.");
        Require(key, nameof(options.TokenKey));
        if (options.TokenKeyPrevious is { } previous) Require(previous, nameof(options.TokenKeyPrevious));
        builder.Services.AddSingleton(new TokenKeys(key, options.TokenKeyPrevious));

        static void Require(string key, string name)
        {
            if (System.Text.Encoding.UTF8.GetByteCount(key) < TokenKeys.BytesMin)
                throw new StartupException($"BoxOffice__{name} must have at least {TokenKeys.BytesMin} bytes.");
        }
    }
}
