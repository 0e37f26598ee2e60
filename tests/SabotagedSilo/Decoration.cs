using BoxOffice.Grains.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace BoxOffice.SabotagedSilo;

/// <summary>Puts the sabotaged journal, or the sabotaged snapshots, in the place of the real ones.</summary>
internal static class Decoration
{
    public static void Decorate(this ISiloBuilder silo, string without)
    {
        silo.Services.Replace<IReservationJournal>((real, _) => new SabotagedJournal(real, without));
        if (without != Mechanism.JournalOverSnapshot) return;
        silo.Services.Replace<ILedgerSnapshots>((real, services) =>
            new BelievedSnapshots(real, services.GetRequiredService<IJournalReader>()));
    }

    private static void Replace<T>(this IServiceCollection services, Func<T, IServiceProvider, T> wrap)
        where T : class
    {
        var real = services.Single(service => service.ServiceType == typeof(T));
        services.Remove(real);
        services.AddSingleton(provider => wrap((T)real.ImplementationFactory!(provider), provider));
    }
}
